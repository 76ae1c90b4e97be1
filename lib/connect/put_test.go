package connect_test

import (
	"testing"
)

func TestPutConnectsBothSides(t *testing.T) {
	w := newWorld(t)
	app := w.app("shop")
	made := w.put(app)
	if !made.Created || made.Latency <= 0 || made.Heroku == nil || made.Heroku.URL != made.DrainURL {
		t.Errorf("created %t, latency %s, at Heroku %t", made.Created, made.Latency, made.Heroku != nil)
	}
	w.wantWhole(app)
	again := w.put(app)
	if again.Created || again.Heroku.ID != made.Heroku.ID {
		t.Errorf("a second Put made a drain: on AWS %t, at Heroku %s after %s", again.Created, again.Heroku.ID, made.Heroku.ID)
	}
	w.wantWhole(app)
}
