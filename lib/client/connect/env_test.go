package connect_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku/herokufake"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// transit is how long mappings are in transit: long enough that a Put has to wait for them.
const transit = 2 * time.Second

// env is an environment with the states that an app can be in.
type env struct {
	*clienttest.Env
	t *testing.T
}

func newEnv(t *testing.T, fake herokufake.Options) *env {
	t.Helper()
	return &env{Env: clienttest.Start(t, clienttest.Options{System: local.Options{TransitionTime: transit}, Heroku: fake}), t: t}
}

// createStream creates an app's log stream and nothing else: what a Delete with KeepLogs leaves.
func (e *env) createStream(app string) {
	_, err := cloudwatchlogs.NewFromConfig(e.System.AWS.Config()).CreateLogStream(e.t.Context(), &cloudwatchlogs.CreateLogStreamInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(stack.DefaultStreamPrefix + app),
	})
	localtest.Must(e.t, err)
}

// createAWSSide creates an app's drain on AWS, without a log drain at Heroku.
func (e *env) createAWSSide(app string) {
	d, _, err := e.PutAWS(e.t.Context(), app, drain.Patch{})
	localtest.Must(e.t, err)
	_, err = e.AwaitActive(e.t.Context(), d)
	localtest.Must(e.t, err)
}

// addCurrentDrain creates an app's drain on AWS and adds the log drain with its current URL, but leaves older ones of ours in place.
func (e *env) addCurrentDrain(app string) {
	e.createAWSSide(app)
	d, _, err := e.PutAWS(e.t.Context(), app, drain.Patch{})
	localtest.Must(e.t, err)
	e.HerokuFake.AddDrain(app, herokufake.Drain{URL: d.DrainURL})
}

// checkBothOrNeither checks that Heroku sends to an app's queue if and only if the queue exists.
func (e *env) checkBothOrNeither(app string) {
	e.t.Helper()
	conn, err := e.Inspect(e.t.Context(), app)
	switch {
	case connect.IsNotFound(err):
	case err != nil:
		e.t.Error(err)
	case (conn.Queue != nil) != (conn.Heroku.State == connect.Present):
		e.t.Errorf("%s is %s on AWS, and %s at Heroku", app, conn.State, conn.Heroku.State)
	}
}

func (e *env) put(app string) connect.Connected {
	e.t.Helper()
	made, err := e.Put(e.t.Context(), app, connect.PutOptions{})
	localtest.Must(e.t, err)
	return made
}

// delete deletes an app's drain on both sides, if there is anything on either.
func (e *env) delete(app string, opts connect.DeleteOptions) {
	e.t.Helper()
	conn, err := e.Find(e.t.Context(), app)
	if connect.IsNotFound(err) {
		return
	}
	localtest.Must(e.t, err)
	_, err = e.Delete(e.t.Context(), conn, opts)
	localtest.Must(e.t, err)
}
