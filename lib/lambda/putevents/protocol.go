// Package putevents encodes the calls of PutLogEvents, whose bodies have up to a megabyte, in one pass and into memory of their size. The SDK's encoder
// says the same, but grows its memory as it goes, and looks at each member of each event: on the whole path of a POST of 100 KB, that took a
// sixth of the time. Signing, retries, endpoints and responses stay the SDK's.
package putevents

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// EncodeOnce makes a client of CloudWatch Logs encode the input of PutLogEvents in one pass: pass it to cloudwatchlogs.NewFromConfig. Other operations
// stay as they are.
func EncodeOnce(o *cloudwatchlogs.Options) { o.Protocol = protocol{o.Protocol} }

// protocol is the SDK's, but for the requests of PutLogEvents.
type protocol struct{ smithyhttp.ClientProtocol }

// SerializeRequest writes a request in the protocol AWS JSON 1.1. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
func (p protocol) SerializeRequest(ctx context.Context, schema *smithy.OperationSchema, in smithy.Serializable, req *smithyhttp.Request) error {
	put, ok := in.(*cloudwatchlogs.PutLogEventsInput)
	if !ok || put.Entity != nil || put.SequenceToken != nil {
		return p.ClientProtocol.SerializeRequest(ctx, schema, in, req)
	}
	body, valid := encode(put)
	if !valid {
		return p.ClientProtocol.SerializeRequest(ctx, schema, in, req)
	}
	req.Method = http.MethodPost
	if req.URL.Path == "" {
		req.URL.Path = "/"
	}
	req.Header.Set("X-Amz-Target", "Logs_20140328.PutLogEvents")
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	with, err := req.SetStream(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("set the body of PutLogEvents: %w", err)
	}
	*req = *with
	return nil
}
