package connect

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"heroku-drains/lib/client/deadline"
	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/logplex"
)

const (
	// storeTime is how long a line may take from the endpoint to the stream if the context has no deadline, not counting the batch window and the
	// lag of queries. It usually takes a second.
	storeTime = time.Minute
	// quietQueue is how long Lambda may wait on a quiet queue if there is a batch window, however short the window is.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
	quietQueue = 20 * time.Second
	// firstPoll and lastPoll keep the polls of the stream far below the account's quota for FilterLogEvents, 5 to 25 a second.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
	firstPoll = 250 * time.Millisecond
	lastPoll  = 2 * time.Second
	// It takes a second until a new queue can be used everywhere, so a test line that is refused is sent again.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
	maxPosts  = 3
	postPause = 2 * time.Second
)

// Verify sends a drain one line through the public endpoint, as Heroku would, waits until it is in the log stream, and returns how long that
// took. The drain's DrainURL must be set. It waits until ctx's deadline, or about a minute and the batch window if ctx has none; a deadline.Limit
// gets the batch window in addition. If the line does not arrive, the error is a *VerifyError.
func (c *Connector) Verify(ctx context.Context, d drain.Drain) (time.Duration, error) {
	c.step("Sending a test line to %s…", d.App)
	deadline.Extend(ctx, time.Duration(d.Settings.BatchWindowSeconds)*time.Second)
	sender, err := delivery.NewSender(d.DrainURL, "")
	if err != nil {
		return 0, err
	}
	began := time.Now()
	mark := rand.Text()
	if err := c.post(ctx, sender, testLine(began, mark)); err != nil {
		return 0, err
	}
	if err := c.awaitLine(ctx, d, began, mark); err != nil {
		return 0, err
	}
	return time.Since(began), nil
}

// testLine returns a line as Heroku sends it, but with a source that no line of an app has.
func testLine(at time.Time, mark string) delivery.Batch {
	line := logplex.AppendLine(nil, logplex.Line{
		Priority: logplex.PriorityDyno, Time: at, Source: []byte(drain.TestLineSource), Process: []byte(drain.TestLineProcess),
		Message: []byte("test line " + mark), Newline: true,
	})
	return delivery.Batch{FrameID: delivery.FrameID(mark), Messages: [][]byte{line}}
}

// post sends the line, and retries as long as another try may succeed.
func (c *Connector) post(ctx context.Context, sender *delivery.Sender, line delivery.Batch) error {
	for tries := 1; ; tries++ {
		r, err := sender.Send(ctx, line)
		if err != nil {
			return deadline.CauseOr(ctx, err)
		}
		if !r.Lost {
			return nil
		}
		if tries == maxPosts || r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden {
			return &VerifyError{Status: r.Status, Err: r.Err, Log: c.logOf("drains")}
		}
		if err := c.Wait(ctx, postPause); err != nil {
			return deadline.CauseOr(ctx, err)
		}
	}
}

// awaitLine waits until the line is in the stream. It searches by the line's own time: if this machine's clock were far off, AWS would have
// rejected the signatures by now.
func (c *Connector) awaitLine(ctx context.Context, d drain.Drain, since time.Time, mark string) error {
	c.step("Waiting for the test line to be stored…")
	stream := &logs.Streams{
		Client: c.Logs, Group: d.LogGroup, Names: []string{d.LogStream}, Selection: logs.Selection{Pattern: `"` + mark + `"`}, Wait: c.Wait,
	}
	began := time.Now()
	for between := firstPoll; ; between = min(between*3/2, lastPoll) {
		waiting, cancel := ctx, func() {}
		if _, set := ctx.Deadline(); !set {
			limit := within(d.Settings) + stream.Lag() // the lag is known once the stream was read
			waiting, cancel = context.WithDeadlineCause(ctx, began.Add(limit), fmt.Errorf("not within %s", limit))
		}
		found, err := holdsLine(waiting, stream, since)
		if !found && err == nil {
			err = c.Wait(waiting, between)
		}
		ended := waiting.Err() != nil
		if ended {
			err = deadline.End(waiting, err)
		}
		cancel()
		switch {
		case found:
			return nil
		case ended:
			return c.notStored(ctx, d, err)
		case err != nil:
			return &VerifyError{Accepted: true, Err: fmt.Errorf("read the log stream: %w", err), Log: c.logOf("storage")}
		}
	}
}

// within returns how long a line may take to reach the stream.
func within(s drain.Settings) time.Duration {
	if s.BatchWindowSeconds == 0 {
		return storeTime
	}
	return storeTime + max(time.Duration(s.BatchWindowSeconds)*time.Second, quietQueue)
}

// errFound ends the search for a line.
var errFound = errors.New("found")

// holdsLine reports whether a stream has a line since a time.
func holdsLine(ctx context.Context, stream *logs.Streams, since time.Time) (bool, error) {
	err := stream.Read(ctx, logs.Range{Since: since}, func(logs.Event) error { return errFound })
	if errors.Is(err, errFound) {
		return true, nil
	}
	return false, err
}
