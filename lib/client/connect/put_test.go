package connect_test

import (
	"testing"

	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/local/herokufake"
)

func TestPutConnectsBothSides(t *testing.T) {
	t.Parallel()
	f := newFixture(t, herokufake.Options{})
	app := f.AddApp("shop")
	made := f.put(app)
	if !made.Created || made.Latency <= 0 || made.Heroku.State != connect.Present || made.Heroku.Others != 2 ||
		made.Heroku.Ours[0].URL != made.DrainURL {
		t.Errorf("created %t, latency %s, %s at Heroku beside %d others", made.Created, made.Latency, made.Heroku.State, made.Heroku.Others)
	}
	f.CheckConnected(app)
	again := f.put(app)
	if again.Created || again.Heroku.Ours[0].ID != made.Heroku.Ours[0].ID {
		t.Errorf("a second Put created a drain: on AWS %t, at Heroku %s after %s", again.Created, again.Heroku.Ours[0].ID, made.Heroku.Ours[0].ID)
	}
	f.CheckConnected(app)
}
