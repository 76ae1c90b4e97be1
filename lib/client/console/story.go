package console

import (
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/awscall/logscall"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/trace"
)

// storyAge is how far back a request is looked for if the page does not say since when.
const storyAge = 24 * time.Hour

// serveStory answers with what happened to a request.
func (c *Console) serveStory(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	if err := checkLengths(values); err != nil {
		return err
	}
	id, err := logs.ParseRequestID(values.Get("request_id"))
	if err != nil {
		return invalidValue(err)
	}
	since, err := readTime(values, "since")
	if err != nil {
		return err
	}
	until, err := readTime(values, "until")
	if err != nil {
		return err
	}
	if until.IsZero() {
		until = c.opts.Now()
	}
	if since.IsZero() {
		since = until.Add(-storyAge)
	}
	drains, err := c.list.get(r.Context(), c)
	if err != nil {
		return err
	}
	cfg, err := c.opts.Installation.AWS(r.Context())
	if err != nil {
		return err
	}
	_, group, err := c.where(r.Context())
	if err != nil {
		return err
	}
	apps := map[string]string{}
	for _, d := range drains {
		if d.LogStream != "" {
			apps[d.LogStream] = d.App
		}
	}
	story, err := trace.Find(r.Context(), trace.Query{
		Client: logscall.New(cloudwatchlogs.NewFromConfig(cfg)), Group: group, Apps: apps, RequestID: id, Since: since, Until: until, Wait: c.opts.Wait,
	})
	if _, ambiguous := errors.AsType[*trace.AmbiguousError](err); ambiguous {
		return invalidValue(err)
	}
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, story)
	return nil
}
