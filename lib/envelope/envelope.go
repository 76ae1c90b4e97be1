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
	// compressFrom is the size of a body, in bytes, from which on it is compressed. SQS bills each 64 KB of a call as one request, and the storage
	// function receives ten messages in a call: from this size on, ten bodies in base64 would take more than one. Below it, compressing saves
	// nothing. Measured with the lines of test/performance, in bytes and microseconds:
	//
	//	body     base64   zstd   in base64   to compress, decompress   S2, in base64   to compress, decompress
	//	  1 KB    1,108    460         616                8.2    4.1             816                 1.2    0.3
	//	  4 KB    5,200  1,297       1,732               28.7    9.4           2,416                 4.4    1.6
	//	 10 KB   13,320  2,301       3,068               32.3   10.9           4,732                10.1    3.7
	//	 48 KB   63,736 10,931      14,576              307.0   62.2          25,336                49.0   16.2
	//	100 KB  133,328 21,066      28,088              468.3   83.7          49,792                83.9   24.1
	//
	// At 10 KB, compression takes no longer than what it saves: to check, escape, hash and send 10,000 bytes more. S2 is five times as fast, but at
	// 100 KB, ten of its messages take 8 requests to receive, and those of zstd 4 or 5: for a million POSTs, the difference of at least 12 cents is
	// more than the time costs. https://aws.amazon.com/sqs/pricing/
	compressFrom = 4 << 10

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
