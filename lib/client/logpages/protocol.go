package logpages

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// ReadFast makes a client of CloudWatch Logs read the responses of FilterLogEvents with this package: pass it to cloudwatchlogs.NewFromConfig. Other
// operations stay as they are, and so do responses that this package does not know.
func ReadFast(o *cloudwatchlogs.Options) { o.Protocol = &protocol{ClientProtocol: o.Protocol} }

// protocol is the SDK's, but for the responses of FilterLogEvents.
type protocol struct {
	smithyhttp.ClientProtocol
	buffers sync.Pool // of *bytes.Buffer, because each page would need memory of its size
}

// DeserializeResponse reads a response.
func (p *protocol) DeserializeResponse(
	ctx context.Context, schema *smithy.OperationSchema, types *smithy.TypeRegistry, resp *smithyhttp.Response, out smithy.Deserializable,
) error {
	page, ok := out.(*cloudwatchlogs.FilterLogEventsOutput)
	if !ok || resp.StatusCode != http.StatusOK {
		return p.ClientProtocol.DeserializeResponse(ctx, schema, types, resp, out)
	}
	buffer, ok := p.buffers.Get().(*bytes.Buffer)
	if !ok {
		buffer = &bytes.Buffer{}
	}
	defer p.buffers.Put(buffer)
	buffer.Reset()
	if _, err := buffer.ReadFrom(resp.Body); err != nil {
		return &smithy.DeserializationError{Err: err}
	}
	if read(buffer.Bytes(), page) == nil {
		return nil
	}
	body := resp.Body // which is closed by the SDK
	resp.Body = struct {
		io.Reader
		io.Closer
	}{bytes.NewReader(buffer.Bytes()), body}
	return p.ClientProtocol.DeserializeResponse(ctx, schema, types, resp, out)
}
