package apiclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// Put creates an app's drain, repairs it, or changes its settings. The Drain includes the drain URL with its password. created reports whether
// there was no drain before. If the API refuses, the error is an *Error; if its RetryAfter is set, the same call may succeed after that time.
func (c *Client) Put(ctx context.Context, app string, change drain.Patch) (d drain.Drain, created bool, err error) {
	body, err := json.Marshal(change)
	if err != nil {
		return drain.Drain{}, false, fmt.Errorf("write the settings: %w", err)
	}
	var answer drain.Response
	status, err := c.call(ctx, http.MethodPut, stack.DrainPath(url.PathEscape(app)), nil, body, &answer)
	return answer.Data, status == http.StatusCreated, err
}

// Get returns an app's drain. If there is none, the error is an *Error with the code NotFound.
func (c *Client) Get(ctx context.Context, app string) (drain.Drain, error) {
	var answer drain.Response
	_, err := c.call(ctx, http.MethodGet, stack.DrainPath(url.PathEscape(app)), nil, nil, &answer)
	return answer.Data, err
}

// List returns all drains, with these details, each of which costs the API a call for each drain. It follows the API's pages.
func (c *Client) List(ctx context.Context, include ...drain.Detail) ([]drain.Drain, error) {
	drains := []drain.Drain{}
	names := make([]string, len(include))
	for i, detail := range include {
		names[i] = string(detail)
	}
	query := url.Values{"include": {strings.Join(names, ",")}}
	for {
		var answer drain.Page
		_, err := c.call(ctx, http.MethodGet, "drains", query, nil, &answer)
		if refused, ok := errors.AsType[*Error](err); ok && refused.Code == drain.InvalidQuery && query.Has("include") {
			query.Del("include") // an older version of the API, which always includes everything
			continue
		}
		if err != nil {
			return nil, err
		}
		drains = append(drains, answer.Data...)
		if answer.Next == "" {
			return drains, nil
		}
		query.Set("next", answer.Next)
	}
}

// Delete removes an app's drain and returns what it removed. If the app has no drain, the error is an *Error with the code NotFound; if its
// drain is not the one that opts specifies, the code is DrainReplaced.
func (c *Client) Delete(ctx context.Context, app string, opts drain.DeleteOptions) (drain.Drain, error) {
	query := url.Values{}
	if opts.KeepLogs {
		query.Set("logs", "keep")
	}
	if opts.EventSource != "" {
		query.Set("event_source", opts.EventSource)
	}
	var answer drain.Response
	_, err := c.call(ctx, http.MethodDelete, stack.DrainPath(url.PathEscape(app)), query, nil, &answer)
	return answer.Data, err
}
