package awslocal

import (
	"errors"
	"fmt"
	"time"
)

// Fault makes some calls fail or slow, or makes the embedded AWS show what AWS only does now and then. An empty field of those that select calls
// selects all of them, but not the disk, and not the calls of ObserverConfig. The zero Fault has no effect.
//
// A Fault has effects on calls (Delay, Drop, Refuse, Status, Kill and Remove), or one of the others: they count their own calls, messages or changes.
type Fault struct {
	Service   string // signing name: sqs, logs, lambda, dynamodb, sns, secretsmanager, sts, execute-api for the gateway, or disk for Options.Data
	Operation string // such as SendMessage; for the gateway, method and path: "POST /drains/shop"; for the disk: write or sync
	Function  string // if set, only the invocations of this function by the gateway, by mappings and by schedules
	Caller    string // if set, only the calls made with this access key, such as those of one function; ByMapping: those of all mappings
	// Resource selects what a call names: a queue, a log stream or its group, a table, a topic, a secret, a function or the queue of a mapping; for
	// the gateway, the last part of the path, which is the app. Several names are separated by commas; * stands for any characters.
	Resource string
	Skip     int     // how many matching calls succeed first
	Times    int     // how many matching calls then fail; 0: all until the fault is over
	Rate     float64 // the share of the calls after Skip that fail, such as 0.1, chosen with Options.Seed; 0: all

	After time.Duration // when the fault begins, on the Server's clock from Inject on
	For   time.Duration // how long it lasts from then on; 0: until it is removed

	Delay   time.Duration // on the Server's clock, before the work; the call ends if the client goes away meanwhile
	Drop    Drop
	Refuse  Refusal // respond with one of AWS's general errors instead of doing the work
	Status  int     // respond with this HTTP status instead of doing the work; 0: do the work
	Code    string  // the AWS error code of that response, such as ThrottlingException
	Message string
	Kill    Kill
	Remove  Removal

	// Skew is how much the clock that AWS compares signatures with is ahead of the clients' clocks.
	Skew time.Duration
	// Duplicate delivers a message again: one that ReceiveMessage returns, at once to another receiver; one that DeleteMessage deletes, after its
	// visibility timeout. Rate, Times and Skip count messages.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
	Duplicate bool
	// Shuffle makes ReceiveMessage return waiting messages in a random order.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
	Shuffle bool
	// Transition is how long a change of an event source mapping takes, instead of Options.TransitionTime. Operation is what changes it.
	Transition time.Duration
}

// validate reports what cannot be injected over the network: numbers that make no sense, and faults of the disk, which end a system for good.
func (f Fault) validate() error {
	switch {
	case f.Service == disk:
		return errors.New("the disk can fail only within a test")
	case f.Skip < 0, f.Times < 0, f.After < 0, f.For < 0, f.Delay < 0, f.Transition < 0:
		return errors.New("numbers and times must not be negative")
	case f.Rate < 0 || f.Rate > 1:
		return fmt.Errorf("the rate must be 0 to 1, not %v", f.Rate)
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("the status must be 400 to 599, not %d", f.Status)
	}
	return nil
}

// Drop says what becomes of a call's connection, and whether the work is done.
type Drop int

// The values of Drop. The client never gets a whole response.
const (
	DropNever  Drop = iota
	DropBefore      // close the connection instead of doing the work
	DropAfter       // do the work, then close the connection: the response is lost
	Reset           // reset the connection (RST) instead of doing the work
	HangBefore      // neither do the work nor respond, until the client goes away or the fault is over
	HangAfter       // do the work, and then do not respond either
	HalfAnswer      // do the work, send the first half of the response's body, then close the connection
)

// Kill says when a process is killed with SIGKILL, or frozen: that of the function which makes a call, or, for an invocation by the gateway, a mapping
// or a schedule, those of the function that is invoked. In process, the function's running invocations fail, and nothing is frozen.
type Kill int

// The values of Kill.
const (
	KillNever  Kill = iota
	KillBefore      // instead of doing the work; before an invocation, which then starts a new process
	KillAfter       // after the work is done, without a response; after an invocation, whose response counts
	Freeze          // only of invocations: see Server.FreezeFunction; after an invocation, whose response counts
)

// ByMapping is the Fault.Caller that selects how event source mappings receive and delete messages.
const ByMapping = "event-source-mapping"

// place is where a fault takes effect.
type place int

const (
	onCall place = iota
	onSignature
	onMessage
	onTransition
)

func (f Fault) place() place {
	switch {
	case f.Skew != 0:
		return onSignature
	case f.Duplicate || f.Shuffle:
		return onMessage
	case f.Transition > 0:
		return onTransition
	}
	return onCall
}
