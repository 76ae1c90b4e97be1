package herokufake

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

// https://devcenter.heroku.com/articles/platform-api-reference#ranges
const (
	defaultPage = 200
	maxPage     = 1000
)

// object is an element of a list.
type object struct {
	id, name string // the fields that lists can be sorted by
	body     any
}

// rangeHeader matches a Range such as "id ..", "name ]shop..; max=10" or "id a..z": the start, exclusive if it has a "]", and the end. Both are
// optional.
var rangeHeader = regexp.MustCompile(`^(id|name) (\]?)([^ ;.]*)\.\.([^ ;.]*)(?:; *max=(\d+);?)?$`)

// page returns the part of a list in the Range of a request, with status 206 and a Next-Range if there is more.
func (s *Server) page(r *http.Request, objects []object) answer {
	asked := r.Header.Get("Range")
	if asked == "" {
		asked = "id .."
	}
	parts := rangeHeader.FindStringSubmatch(asked)
	size := s.options.PageSize
	if parts != nil && parts[5] != "" {
		size, _ = strconv.Atoi(parts[5]) // only digits; if too many, Atoi returns the largest int
	}
	if parts == nil || size < 1 || size > maxPage {
		return refusal(http.StatusRequestedRangeNotSatisfiable, "requested_range_not_satisfiable", "Invalid range.")
	}
	field, after, from, to := parts[1], parts[2] != "", parts[3], parts[4]
	key := func(o object) string {
		if field == "name" {
			return o.name
		}
		return o.id
	}
	objects = slices.DeleteFunc(objects, func(o object) bool {
		return key(o) < from || after && key(o) == from || to != "" && key(o) > to
	})
	slices.SortStableFunc(objects, func(a, b object) int { return cmp.Compare(key(a), key(b)) })

	a := ok(http.StatusOK, nil)
	if len(objects) > size {
		objects = objects[:size]
		last := key(objects[size-1])
		a.status = http.StatusPartialContent
		a.header.Set("Content-Range", fmt.Sprintf("%s %s..%s", field, key(objects[0]), last))
		a.header.Set("Next-Range", fmt.Sprintf("%s ]%s..%s; max=%d", field, last, to, size))
	}
	bodies := make([]any, len(objects))
	for i, o := range objects {
		bodies[i] = o.body
	}
	a.body = bodies
	return a
}
