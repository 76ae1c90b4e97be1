package heroku

import (
	"context"
	"encoding/json"
	"net/http"
)

// list reads a whole list. Heroku gives 200 objects at a time, and says in Next-Range how to ask for more
// (https://devcenter.heroku.com/articles/platform-api-reference#ranges). heroku-go's own list methods hide that header.
func list[T any](ctx context.Context, c *Client, path string) ([]T, error) {
	var all []T
	for next := ""; ; {
		var page []T
		asked := next
		err := c.retry(ctx, func(ctx context.Context) (err error) {
			page, next, err = readPage[T](ctx, c, path, asked)
			return err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if next == "" {
			return all, nil
		}
	}
}

// readPage reads the part of a list in a range, and says which range comes next; empty: none.
func readPage[T any](ctx context.Context, c *Client, path, asked string) (page []T, next string, err error) {
	req, err := c.service.NewRequest(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return nil, "", err
	}
	if asked != "" {
		req.Header.Set("Range", asked)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
		return nil, "", err
	}
	if resp.StatusCode == http.StatusPartialContent {
		next = resp.Header.Get("Next-Range")
	}
	return page, next, nil
}
