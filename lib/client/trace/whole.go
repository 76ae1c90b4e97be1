package trace

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/logformat"
)

// AmbiguousError says that a text is the beginning of more than one request ID.
type AmbiguousError struct {
	Beginning string
	IDs       []string // in their order
}

// shownIDs is how many of the IDs the text of an AmbiguousError has.
const shownIDs = 3

// Error names some of the IDs, and says what to do.
func (e *AmbiguousError) Error() string {
	shown := strings.Join(e.IDs[:min(len(e.IDs), shownIDs)], ", ")
	if len(e.IDs) > shownIDs {
		shown += ", …"
	}
	return fmt.Sprintf("%s begin with %q: give more characters of the ID (%s)", plural.Count(len(e.IDs), "request ID"), e.Beginning, shown)
}

// shortest is how long a request ID is at least.
// https://devcenter.heroku.com/articles/http-request-id
const shortest = 20

// wholeID returns the only request ID of lines that begins with a text, or the text itself if none does. What the router says counts first: an
// app's line may contain other IDs. The error is an *AmbiguousError.
func wholeID(lines []Line, beginning string) (string, error) {
	router, others := map[string]bool{}, map[string]bool{}
	// An ID in the text of a line may be followed by anything; the characters that generated IDs do not have end it.
	inText := regexp.MustCompile(`(?:^|[^0-9A-Za-z-])(` + regexp.QuoteMeta(beginning) + `[0-9A-Za-z-]*)`)
	for _, line := range lines {
		l := logs.ReadLine(line.Event)
		if l.Writer() == logformat.ByRouter {
			if id := routerPairs(&l)["request_id"]; strings.HasPrefix(id, beginning) {
				router[id] = true
			}
			continue
		}
		for _, found := range inText.FindAllSubmatch(l.Message, -1) {
			if len(found[1]) >= shortest {
				others[string(found[1])] = true
			}
		}
	}
	found := router
	if len(router) == 0 {
		found = others
	}
	if found[beginning] || len(found) == 0 {
		return beginning, nil
	}
	ids := slices.Sorted(maps.Keys(found))
	if len(ids) > 1 {
		return "", &AmbiguousError{Beginning: beginning, IDs: ids}
	}
	return ids[0], nil
}
