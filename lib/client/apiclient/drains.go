package apiclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"heroku-drains/lib/drain"
)

type drainAnswer struct {
	Data drain.Drain `json:"data"`
}

// Put makes an app's drain, heals it, or changes the settings given. The Drain holds the drain URL with its password.
// created tells whether there was none before. A refusal is an *Error; with a RetryAfter it is worth the wait.
func (c *Client) Put(ctx context.Context, app string, settings drain.Settings) (d drain.Drain, created bool, err error) {
	body, err := json.Marshal(settings)
	if err != nil {
		return drain.Drain{}, false, fmt.Errorf("write the settings: %w", err)
	}
	var answer drainAnswer
	status, err := c.call(ctx, http.MethodPut, drainPath(app), nil, body, &answer)
	return answer.Data, status == http.StatusCreated, err
}

// Get looks at an app's drain; there being none is an *Error with the code NotFound.
func (c *Client) Get(ctx context.Context, app string) (drain.Drain, error) {
	var answer drainAnswer
	_, err := c.call(ctx, http.MethodGet, drainPath(app), nil, nil, &answer)
	return answer.Data, err
}

// List is all drains, however many pages the API makes of them.
func (c *Client) List(ctx context.Context) ([]drain.Drain, error) {
	drains := []drain.Drain{}
	query := url.Values{}
	for {
		var answer struct {
			Data []drain.Drain `json:"data"`
			Next string        `json:"next"`
		}
		if _, err := c.call(ctx, http.MethodGet, "drains", query, nil, &answer); err != nil {
			return nil, err
		}
		drains = append(drains, answer.Data...)
		if answer.Next == "" {
			return drains, nil
		}
		query.Set("next", answer.Next)
	}
}

// Delete removes an app's drain and answers what it was; keepLogs leaves its log stream. There being none is an *Error with the
// code NotFound.
func (c *Client) Delete(ctx context.Context, app string, keepLogs bool) (drain.Drain, error) {
	query := url.Values{}
	if keepLogs {
		query.Set("logs", "keep")
	}
	var answer drainAnswer
	_, err := c.call(ctx, http.MethodDelete, drainPath(app), query, nil, &answer)
	return answer.Data, err
}

func drainPath(app string) string { return "drains/" + url.PathEscape(app) }
