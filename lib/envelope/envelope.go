// Package envelope makes a drain request's body fit for SQS and takes it out again: one message, or several for a large body.
//
// A message is plain ASCII JSON. SQS refuses control characters, and Heroku's lines hold ANSI colours and NULs, so the body travels as
// base64; the header's fields stay readable, for whoever looks into the dead-letter queue.
package envelope

import "time"

// MaxMessage is SQS's limit for a message, in bytes: 1 MiB.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const MaxMessage = 1 << 20

const (
	// SQS bills each 64 KB of a message as one request: what fits one is not worth compressing. https://aws.amazon.com/sqs/pricing/
	billingUnit = 64 << 10

	// MaxPart is how many bytes of body go into one message. As base64 (4/3) they leave 90 KB of MaxMessage for the header, whose fields
	// come from at most 10 KB of HTTP headers; as log events they are about one PutLogEvents, which takes 1 MiB with 26 bytes per event.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
	MaxPart = 700 << 10
)

// Header says where a body came from.
type Header struct {
	App        string    // Heroku's name of the app, from the drain's URL
	DrainToken string    // Logplex-Drain-Token; "" when none was sent, as by Private Space drains
	FrameID    string    // Logplex-Frame-Id, the same in every retry of a request; "" when none was sent
	RequestID  string    // API Gateway's id of the request
	MsgCount   int       // Logplex-Msg-Count of the whole request as it was sent, right or not; -1 when none was sent
	ReceivedAt time.Time // when the gateway received the request, in UTC to the millisecond
}

// Envelope is one opened message: a request's body, or one part of a large one.
type Envelope struct {
	Header
	Part, Parts int    // this is the Part-th of Parts, counted from 1
	Body        []byte // whole frames, unless a single one is longer than MaxPart
}
