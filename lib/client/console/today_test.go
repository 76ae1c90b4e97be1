package console_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// The drains show what became of today's lines, as far as that is known.
func TestDrainsShowToday(t *testing.T) {
	t.Parallel()
	localtest.AwayFromMidnight(t)
	s, advance := serveAt(t)
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{})
	out := s.system.AWS.FunctionLog(stack.LocalStorageFunction)
	for _, counts := range []string{`"taken":10,"stored":7,"rejected":1,"duplicates":2,"l10":5`, `"taken":3,"stored":3`} {
		_, err := fmt.Fprintf(out, `{"message":"batch done","app":"shop",%s}`, counts)
		localtest.Must(t, err)
	}
	s.system.AWS.Advance(2 * time.Second) // queries find lines late
	type today struct{ Taken, Stored, Lost int }
	var got struct {
		Data []struct {
			App   string
			Today *today
		}
		Note string
	}
	s.get("/api/drains", &got) // which starts the query
	localtest.Eventually(t, "what became of the lines", func() bool {
		advance(time.Second)
		s.get("/api/drains", &got)
		return got.Data[0].Today != nil
	})
	if diff := cmp.Diff([]*today{{}, {Taken: 13, Stored: 10, Lost: 6}}, []*today{got.Data[0].Today, got.Data[1].Today}); diff != "" || got.Note != "" {
		t.Errorf("%q (-want +got):\n%s", got.Note, diff)
	}
}
