// Package envelope packs the body of a drain request into an SQS message, or several if it is large, and unpacks it.
//
// A message is ASCII JSON. The body is in base64, because SQS rejects control characters and Heroku's lines contain ANSI colors and NULs. The
// header's fields are readable, for inspecting the dead-letter queue.
package envelope

import "time"

// MaxMessage is SQS's limit for a message in bytes, 1 MiB.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const MaxMessage = 1 << 20

const (
	// SQS bills each 64 KB of a message as one request, so compressing a smaller message saves nothing. https://aws.amazon.com/sqs/pricing/
	billingUnit = 64 << 10

	// MaxPart is the limit for the body in one message, in bytes. In base64 (4/3), it leaves 90 KB of MaxMessage for the header, whose fields
	// come from at most 10 KB of HTTP headers. As log events, it fills about one PutLogEvents call, which accepts 1 MiB with 26 bytes added
	// per event.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
	MaxPart = 700 << 10
)

// Header describes the request that a body came in.
type Header struct {
	App        string    // the Heroku app's name, from the drain URL
	DrainToken string    // Logplex-Drain-Token; empty if not sent, as by Private Space drains
	FrameID    string    // Logplex-Frame-Id, or log-shuttle's X-Request-Id: the same in every retry of a request; empty if not sent
	RequestID  string    // API Gateway's request ID
	MsgCount   int       // Logplex-Msg-Count of the whole request as sent, correct or not; -1 if not sent
	ReceivedAt time.Time // when API Gateway received the request, in UTC to the millisecond
}

// Envelope is one opened message: the body of a request, or one part of a large one.
type Envelope struct {
	Header
	Part, Parts int    // the number of this part, from 1, and the number of parts
	Body        []byte // whole lines, unless one of them is longer than MaxPart
}
