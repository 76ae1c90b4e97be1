package heroku

import (
	"context"
	"encoding/json"
	"net/http"
)

// list reads all pages of a list. Heroku returns 200 objects at a time, and the range of the next page in Next-Range
// (https://devcenter.heroku.com/articles/platform-api-reference#ranges). heroku-go's list methods hide that header.
func list[T any](ctx context.Context, c *Client, path string) ([]T, error) {
	var all []T
	for next := ""; ; {
		var page []T
		current := next
		err := c.retry(ctx, func(ctx context.Context) (err error) {
			page, next, err = readPage[T](ctx, c, path, current)
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

// readPage reads one page of a list. It returns the range of the next page, or "" if there is none. The first page has the range "".
func readPage[T any](ctx context.Context, c *Client, path, pageRange string) (page []T, next string, err error) {
	req, err := c.calls.newRequest(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return nil, "", err
	}
	if pageRange != "" {
		req.Header.Set("Range", pageRange)
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
