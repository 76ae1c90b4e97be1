package browser_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/console"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// site is a local system and its console.
type site struct {
	t      *testing.T
	system *local.System
	addr   string
	token  string
	meter  console.Meter
	stop   func() // ends the console, and with it all open responses

	senders map[string]*delivery.Sender // by app
	frames  int                         // batches sent
}

// options are those of a site. The zero value is the console of `local`.
type options struct {
	token string        // what the console asks for
	meter console.Meter // nil: there is none
}

// serve starts a local system and its console.
func serve(t *testing.T, opts options) *site {
	t.Helper()
	s := &site{t: t, system: localtest.Start(t, local.Options{}), addr: localtest.ReserveAddress(t), token: opts.token, meter: opts.meter, senders: map[string]*delivery.Sender{}}
	s.start()
	t.Cleanup(func() { s.stop() })
	return s
}

// start starts the console, again at the address that it had.
func (s *site) start() {
	s.t.Helper()
	listener, err := console.Listen(s.t.Context(), s.addr)
	localtest.Must(s.t, err)
	s.serveOn(listener)
}

func (s *site) serveOn(listener net.Listener) {
	page := console.New(console.Options{
		Installation: installation.New(installation.Options{
			Local: &installation.Local{APIURL: s.system.AWS.APIURL(), AWSURL: s.system.AWS.AWSURL(), Server: awslocal.ServerName},
		}),
		Addr: s.addr, Token: s.token, Stack: stack.DefaultName, Program: "heroku-drains-cli --local", Meter: s.meter,
	})
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	ended := make(chan error, 1)
	go func() {
		err := page.Serve(ctx, listener)
		page.Close()
		ended <- err
		close(ended)
	}()
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("serve the page: %v", err)
		}
	}
}

// url returns the page's address with a place in it, such as view=drains.
func (s *site) url(place string) string {
	if s.token != "" {
		place = "token=" + s.token + "&" + place
	}
	return "http://" + s.addr + "/#" + place
}

// put creates the drain of an app.
func (s *site) put(app string, change drain.Patch) {
	s.t.Helper()
	d, _, err := clienttest.API(s.t, s.system.AWS).Put(s.t.Context(), app, change)
	localtest.Must(s.t, err)
	s.senders[app], err = delivery.NewSender(d.DrainURL, "d.test")
	localtest.Must(s.t, err)
}

// post sends a batch of messages to an app's drain, as Heroku would.
func (s *site) post(app string, messages ...[]byte) {
	s.t.Helper()
	s.frames++
	s.send(app, delivery.Batch{FrameID: delivery.FrameID(fmt.Sprintf("%s %d", app, s.frames)), Messages: messages})
}

func (s *site) send(app string, batch delivery.Batch) {
	s.t.Helper()
	r, err := s.senders[app].Send(s.t.Context(), batch)
	localtest.Must(s.t, err)
	if r.Lost {
		s.t.Fatalf("the drain of %s did not take a batch: status %d", app, r.Status)
	}
}

// say returns a message that a dyno printed at a time.
func say(process string, at time.Time, text string) []byte {
	return logplex.AppendLine(nil, logplex.Line{Priority: 190, Time: at, Source: []byte("app"), Process: []byte(process), Message: []byte(text)})
}

// route returns the router's message about a request.
func route(at time.Time, text string) []byte {
	return logplex.AppendLine(nil, logplex.Line{Priority: 158, Time: at, Source: []byte("heroku"), Process: []byte("router"), Message: []byte(text)})
}

// store adds lines to an app's log stream at once, a millisecond apart from each other.
func (s *site) store(app string, at time.Time, texts ...string) {
	s.t.Helper()
	var events []types.InputLogEvent
	for i, text := range texts {
		events = append(events, types.InputLogEvent{Timestamp: aws.Int64(at.Add(time.Duration(i) * time.Millisecond).UnixMilli()), Message: aws.String(text)})
	}
	_, err := cloudwatchlogs.NewFromConfig(s.system.AWS.Config()).PutLogEvents(s.t.Context(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamName: aws.String(stack.DefaultStreamPrefix + app), LogEvents: events,
	})
	localtest.Must(s.t, err)
}
