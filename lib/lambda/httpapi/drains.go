package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/gateway"
	"heroku-drains/lib/stack"
)

func (h *Handler) list(ctx context.Context, r request) (response, error) {
	if err := gateway.CheckQuery(r, "next", "include"); err != nil {
		return response{}, err
	}
	include := []drain.Detail{drain.IncludeCounts}
	if given, ok := r.QueryStringParameters["include"]; ok {
		var err error
		if include, err = details(given); err != nil {
			return response{}, err
		}
	}
	drains, next, err := h.drains.List(ctx, r.QueryStringParameters["next"], include...)
	if err != nil {
		return response{}, err
	}
	if drains == nil {
		drains = []drain.Drain{} // [] in JSON, not null
	}
	return gateway.Answer(http.StatusOK, drain.Page{Data: drains, Next: next})
}

// details parses the query parameter "include". The empty string stands for no details.
func details(text string) ([]drain.Detail, error) {
	if text == "" {
		return nil, nil
	}
	var found []drain.Detail
	for name := range strings.SplitSeq(text, ",") {
		detail := drain.Detail(name)
		if detail != drain.IncludeCounts && detail != drain.IncludeSettings {
			return nil, &gateway.Refusal{
				Status: http.StatusBadRequest, Code: drain.InvalidQuery,
				Message: fmt.Sprintf("include has the unknown value %q: it takes %s, %s, or both with a comma between them", name, drain.IncludeCounts, drain.IncludeSettings),
			}
		}
		found = append(found, detail)
	}
	return found, nil
}

func (h *Handler) get(ctx context.Context, r request) (response, error) {
	app, err := gateway.App(r)
	if err != nil {
		return response{}, err
	}
	d, err := h.drains.Get(ctx, app)
	if err != nil {
		return response{}, err
	}
	return gateway.Answer(http.StatusOK, drain.Response{Data: d})
}

func (h *Handler) put(ctx context.Context, r request) (response, error) {
	app, err := gateway.App(r)
	if err != nil {
		return response{}, err
	}
	body, err := gateway.Body(r)
	if err != nil {
		return response{}, err
	}
	change, err := drain.ParsePatch(body)
	if err != nil {
		return response{}, err
	}
	password, err := h.passwords.Password(ctx, app) // first, because a drain without its URL is useless
	if err != nil {
		return response{}, err
	}
	d, created, err := h.drains.Put(ctx, app, change)
	if err != nil {
		return response{}, err
	}
	d.DrainURL = drainURL(r, app, password)
	h.log.InfoContext(ctx, "drain put", "app", app, "created", created, "state", d.State, gateway.Caller(r))
	if created {
		return gateway.Answer(http.StatusCreated, drain.Response{Data: d})
	}
	return gateway.Answer(http.StatusOK, drain.Response{Data: d})
}

func (h *Handler) delete(ctx context.Context, r request) (response, error) {
	app, err := gateway.App(r, "logs", "event_source")
	if err != nil {
		return response{}, err
	}
	logs, given := r.QueryStringParameters["logs"]
	if given && logs != "keep" {
		message := fmt.Sprintf("logs must be \"keep\", not %q; omit it to delete the logs too", logs)
		return response{}, &gateway.Refusal{Status: http.StatusBadRequest, Code: drain.InvalidQuery, Message: message}
	}
	eventSource, conditional := r.QueryStringParameters["event_source"]
	if conditional && eventSource == "" { // a caller that lost the UUID must not delete any drain at all
		const message = "event_source must be the UUID of the drain's event source mapping; omit it to delete the drain in any case"
		return response{}, &gateway.Refusal{Status: http.StatusBadRequest, Code: drain.InvalidQuery, Message: message}
	}
	d, err := h.drains.Delete(ctx, app, drain.DeleteOptions{KeepLogs: given, EventSource: eventSource})
	if err != nil {
		return response{}, err
	}
	h.log.InfoContext(ctx, "drain deleted", "app", app, "logs_kept", given, gateway.Caller(r))
	return gateway.Answer(http.StatusOK, drain.Response{Data: d})
}

// drainURL returns the URL to give to Heroku, at the domain and the stage that this request was sent to.
func drainURL(r request, app, password string) string {
	u := url.URL{
		Scheme: "https",
		User:   url.UserPassword(app, password),
		Host:   r.RequestContext.DomainName,
		Path:   stack.DrainPath(app),
	}
	if proto := r.Headers["x-forwarded-proto"]; proto != "" {
		u.Scheme = proto
	}
	if stage := r.RequestContext.Stage; stage != "" && stage != "$default" { // the default stage has no name in URLs
		u.Path = "/" + stage + u.Path
	}
	return u.String()
}
