// Package cloudwatch implements GetMetricData of Amazon CloudWatch for the age of the oldest message of SQS's queues, and for the
// usage of queues, log groups and functions, over the protocol Smithy RPC v2 with CBOR.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
// https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
package cloudwatch

import (
	"net/http"
	"path"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// Path is how the paths of all requests begin. The operation follows.
const Path = "/service/GraniteServiceVersion20100801/operation/"

// Queues are what SQS reports to CloudWatch.
type Queues interface {
	// OldestMessage returns the age of the oldest message in a queue. It is false if there is no such queue, or if the queue is empty.
	OldestMessage(queue string) (age time.Duration, ok bool)
}

// Service answers for one account. It is an http.Handler.
type Service struct {
	clock  *clock.Clock
	queues Queues
	meter  *meter.Meter
}

// New returns a Service. A nil Meter counts nothing.
func New(clock *clock.Clock, queues Queues, m *meter.Meter) *Service {
	return &Service{clock: clock, queues: queues, meter: m}
}

// Operation returns the operation that a request names.
func Operation(r *http.Request, _ []byte) string { return path.Base(r.URL.Path) }

// ServeHTTP answers one call.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := awsapi.ReadBody(w, r)
	if err != nil {
		WriteError(w, err)
		return
	}
	if r.Method != http.MethodPost || r.Header.Get("Smithy-Protocol") != "rpc-v2-cbor" || r.URL.Path != Path+"GetMetricData" {
		WriteError(w, awsapi.Errorf(http.StatusNotFound, "UnknownOperationException",
			"the embedded AWS does not implement the operation %q of CloudWatch in this protocol", Operation(r, body)))
		return
	}
	out, err := s.getMetricData(r.Context(), body)
	if err != nil {
		WriteError(w, err)
		return
	}
	write(w, http.StatusOK, out)
}

// WriteError sends err as CBOR.
func WriteError(w http.ResponseWriter, err error) {
	e := awsapi.AsError(err)
	write(w, e.Status, cbor.Map{"__type": cbor.String(e.Code), "message": cbor.String(e.Message)})
}

func write(w http.ResponseWriter, status int, v cbor.Value) {
	w.Header().Set("Content-Type", "application/cbor")
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	w.WriteHeader(status)
	_, _ = w.Write(cbor.Encode(v)) // fails only if the client has gone
}
