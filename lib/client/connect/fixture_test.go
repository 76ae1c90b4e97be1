package connect_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// transit is how long mappings are in transit: long enough that a Put has to wait for them.
const transit = 2 * time.Second

// fixture is a system and a fake Heroku, with the states that an app can be in.
type fixture struct {
	*clienttest.Fixture
	t *testing.T
}

func newFixture(t *testing.T, fake herokufake.Options) *fixture {
	t.Helper()
	return &fixture{Fixture: clienttest.Start(t, clienttest.Options{System: local.Options{TransitionTime: transit}, Heroku: fake}), t: t}
}

// createStream creates an app's log stream and nothing else: what a Delete with KeepLogs leaves.
func (f *fixture) createStream(app string) {
	_, err := cloudwatchlogs.NewFromConfig(f.System.AWS.Config()).CreateLogStream(f.t.Context(), &cloudwatchlogs.CreateLogStreamInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(stack.DefaultStreamPrefix + app),
	})
	localtest.Must(f.t, err)
}

// createAWSSide creates an app's drain on AWS, without a log drain at Heroku.
func (f *fixture) createAWSSide(app string) {
	d, _, err := f.PutAWS(f.t.Context(), app, drain.Patch{})
	localtest.Must(f.t, err)
	_, err = f.AwaitActive(f.t.Context(), d)
	localtest.Must(f.t, err)
}

// addCurrentDrain creates an app's drain on AWS and adds the log drain with its current URL, but leaves older ones of ours in place.
func (f *fixture) addCurrentDrain(app string) {
	f.createAWSSide(app)
	d, _, err := f.PutAWS(f.t.Context(), app, drain.Patch{})
	localtest.Must(f.t, err)
	f.HerokuFake.AddDrain(app, herokufake.Drain{URL: d.DrainURL})
}

// checkBothOrNeither checks that Heroku sends to an app's queue if and only if the queue exists.
func (f *fixture) checkBothOrNeither(app string) {
	f.t.Helper()
	conn, err := f.Inspect(f.t.Context(), app)
	switch {
	case connect.IsNotFound(err):
	case err != nil:
		f.t.Error(err)
	case (conn.Queue != nil) != (conn.Heroku.State == connect.Present):
		f.t.Errorf("%s is %s on AWS, and %s at Heroku", app, conn.State, conn.Heroku.State)
	}
}

func (f *fixture) put(app string) connect.Connected {
	f.t.Helper()
	made, err := f.Put(f.t.Context(), app, connect.PutOptions{})
	localtest.Must(f.t, err)
	return made
}

// delete deletes an app's drain on both sides, if there is anything on either.
func (f *fixture) delete(app string, opts connect.DeleteOptions) {
	f.t.Helper()
	conn, err := f.Find(f.t.Context(), app)
	if connect.IsNotFound(err) {
		return
	}
	localtest.Must(f.t, err)
	_, err = f.Delete(f.t.Context(), conn, opts)
	localtest.Must(f.t, err)
}

// commandOf returns how errors name a command for an app.
func commandOf(verb, app string) string { return "`heroku-drains-cli " + verb + " -a " + app + "`" }
