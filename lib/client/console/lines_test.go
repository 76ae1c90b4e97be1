package console_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
)

func TestATailShowsWhatIsStoredThenWhatIsNew(t *testing.T) {
	s := serve(t, nil)
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{})
	s.store("shop", time.Now().Add(-time.Minute), "app[web.1]: old")
	f := s.lines("tail=true")
	stored, end := f.messages()
	if diff := cmp.Diff([]string{"old"}, stored); diff != "" || !end.CaughtUp {
		t.Errorf("stored lines (-want +got):\n%s\nthen %+v", diff, end)
	}
	s.store("blog", time.Now(), "app[web.1]: new")
	i, ok := f.next()
	if !ok || i.Line["message"] != "new" || i.Line["app"] != "blog" || i.Line["source"] != "app" || i.Line["process"] != "web.1" || i.Line["id"] == "" {
		t.Errorf("new line %+v", i)
	}
}
