package putevents_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/putevents"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestMain(m *testing.M) { localtest.RunTests(m) }

// plain leaves a client as it is.
func plain(*cloudwatchlogs.Options) {}

// request is what an HTTP client was asked for.
type request struct {
	Method, Path string
	Header       http.Header
	Body         string
	JSON         any // the body as encoding/json reads it
}

// decoded decodes the bodies of requests.
func decoded(t testing.TB, requests []request) []request {
	t.Helper()
	for i := range requests {
		r := &requests[i]
		localtest.Must(t, json.Unmarshal([]byte(r.Body), &r.JSON))
		r.Body = ""
		r.Header.Del("Content-Length")
	}
	return requests
}

// recorder answers every request in the same way.
type recorder struct {
	seen   []request
	status int
	answer string
}

func (r *recorder) Do(in *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	if int64(len(body)) != in.ContentLength {
		return nil, fmt.Errorf("a body of %d bytes with the Content-Length %d", len(body), in.ContentLength)
	}
	header := in.Header.Clone()
	for _, name := range []string{"Amz-Sdk-Invocation-Id", "X-Amz-Date", "Authorization"} { // differ in each call
		header.Del(name)
	}
	r.seen = append(r.seen, request{Method: in.Method, Path: in.URL.Path, Header: header, Body: string(body)})
	return &http.Response{StatusCode: r.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(r.answer))}, nil
}

// put makes a call with a client of this kind, and returns its requests.
func put(t testing.TB, in *cloudwatchlogs.PutLogEventsInput, kind func(*cloudwatchlogs.Options)) []request {
	t.Helper()
	r := &recorder{status: http.StatusOK, answer: "{}"}
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", HTTPClient: r,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}, kind)
	_, err := client.PutLogEvents(t.Context(), in)
	localtest.Must(t, err)
	return r.seen
}

// The requests are those of the SDK, but for which characters are escaped.
func TestRequests(t *testing.T) {
	t.Parallel()
	group, stream := aws.String("/heroku/apps"), aws.String(`[APP]"shop"`)
	event := func(text string) types.InputLogEvent {
		return types.InputLogEvent{Message: &text, Timestamp: aws.Int64(1_700_000_000_123)}
	}
	for name, in := range map[string]*cloudwatchlogs.PutLogEventsInput{
		"an event":       {LogGroupName: group, LogStreamName: stream, LogEvents: []types.InputLogEvent{event("app[web.1]: hello")}},
		"several":        {LogGroupName: group, LogStreamName: stream, LogEvents: []types.InputLogEvent{event("a"), event(""), event("é \u2028 \u2029 😀")}},
		"all bytes":      {LogGroupName: group, LogStreamName: stream, LogEvents: allBytes()},
		"no events":      {LogGroupName: group, LogStreamName: stream, LogEvents: []types.InputLogEvent{}},
		"times":          {LogGroupName: group, LogStreamName: stream, LogEvents: []types.InputLogEvent{{Message: aws.String("x"), Timestamp: aws.Int64(-1)}, {Message: aws.String("x"), Timestamp: aws.Int64(0)}}},
		"a token":        {LogGroupName: group, LogStreamName: stream, LogEvents: []types.InputLogEvent{event("x")}, SequenceToken: aws.String("t")},
		"an entity":      {LogGroupName: group, LogStreamName: stream, LogEvents: []types.InputLogEvent{event("x")}, Entity: &types.Entity{Attributes: map[string]string{"a": "b"}}},
		"JSON in events": {LogGroupName: group, LogStreamName: stream, LogEvents: []types.InputLogEvent{event(`{"time":"2026","message":"a \"b\" \\ <&>"}`)}},
	} {
		if diff := cmp.Diff(decoded(t, put(t, in, plain)), decoded(t, put(t, in, putevents.EncodeOnce))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// allBytes returns events with every byte at every place of a word, between plain ones.
func allBytes() (events []types.InputLogEvent) {
	for b := range 256 {
		for at := range 18 {
			text := []byte("abcdefghijklmnopqrst")
			text[at] = byte(b)
			events = append(events, types.InputLogEvent{Message: aws.String(string(text)), Timestamp: aws.Int64(1)})
		}
	}
	return events
}

func FuzzEncode(f *testing.F) {
	f.Add("app[web.1]: hello", int64(1_700_000_000_123), `{"a":"\n\x7f"}`)
	f.Add("\xff\u2028\x00", int64(-1), "")
	f.Fuzz(func(t *testing.T, first string, at int64, second string) {
		in := &cloudwatchlogs.PutLogEventsInput{LogGroupName: &first, LogStreamName: &second, LogEvents: []types.InputLogEvent{
			{Message: &first, Timestamp: &at}, {Message: &second, Timestamp: &at},
		}}
		if first == "" || second == "" { // the SDK requires names, not texts
			in.LogGroupName, in.LogStreamName = aws.String("g"), aws.String("s")
		}
		if diff := cmp.Diff(decoded(t, put(t, in, plain)), decoded(t, put(t, in, putevents.EncodeOnce))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// Retries send the body again as a whole, also after an answer that broke off; errors keep their types; other operations work; and calls may run at
// the same time.
func TestCalls(t *testing.T) {
	t.Parallel()
	server := localtest.StartAWS(t, awslocal.Options{})
	client := cloudwatchlogs.NewFromConfig(server.Config(), putevents.EncodeOnce, func(o *cloudwatchlogs.Options) {
		o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) { s.MaxAttempts, s.MaxBackoff = 4, time.Millisecond })
	})
	ctx := t.Context()
	group := aws.String("/heroku/apps")
	_, err := client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	localtest.Must(t, err)
	events := func(text string) []types.InputLogEvent {
		return []types.InputLogEvent{{Message: &text, Timestamp: aws.Int64(server.Now().UnixMilli())}}
	}
	_, err = client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: aws.String("missing"), LogEvents: events("x")})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); !missing {
		t.Errorf("a missing stream: %v", err)
	}
	for _, fault := range []awslocal.Fault{
		{Status: http.StatusBadRequest, Code: "ThrottlingException"}, {Status: http.StatusServiceUnavailable, Code: "ServiceUnavailableException"}, {Drop: awslocal.Reset}, {Drop: awslocal.HalfAnswer},
	} {
		fault.Service, fault.Operation, fault.Times = "logs", "PutLogEvents", 2
		server.Inject(fault)
	}
	var puts sync.WaitGroup
	for _, app := range []string{"blog", "shop"} {
		stream := aws.String("[APP]" + app)
		_, err = client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream})
		localtest.Must(t, err)
		puts.Go(func() {
			for n := range 20 {
				if _, err := client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
					LogGroupName: group, LogStreamName: stream, LogEvents: events(fmt.Sprint(app, n, " ", strings.Repeat("\x1b[1m\"é\"", n*n))),
				}); err != nil {
					t.Errorf("put: %v", err)
				}
			}
		})
	}
	puts.Wait()
	for _, app := range []string{"blog", "shop"} {
		var want []string
		for n := range 20 {
			want = append(want, fmt.Sprint(app, n, " ", strings.Repeat("\x1b[1m\"é\"", n*n)))
		}
		// A put whose answer broke off is repeated, so that its line is stored twice.
		if diff := cmp.Diff(want, slices.Compact(localtest.Texts(localtest.StoredLines(t, server, app)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", app, diff)
		}
	}
}

// Encoding beside the SDK's.
func BenchmarkEncode(b *testing.B) {
	for name, text := range map[string]string{
		"text": `app[web.1]: method=GET path="/items/42" status=200 duration=12ms user=4711 id=4c7a6b0e-1b0f-4a3e-9f6c-0c3f6c1d7e21`,
		"json": `{"time":"2026-11-20T11:59:00.000000Z","app":"shop","source":"app","process":"web.1","severity":"info","message":"hello"}`,
	} {
		in := &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String("/heroku/apps"), LogStreamName: aws.String("[APP]shop")}
		for range 1_000_000 / len(text) {
			in.LogEvents = append(in.LogEvents, types.InputLogEvent{Message: &text, Timestamp: aws.Int64(1_700_000_000_123)})
		}
		for kind, option := range map[string]func(*cloudwatchlogs.Options){"sdk": plain, "once": putevents.EncodeOnce} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				protocol := cloudwatchlogs.New(cloudwatchlogs.Options{}, option).Options().Protocol
				seen := &observer{}
				put(b, in, func(o *cloudwatchlogs.Options) { seen.ClientProtocol, o.Protocol = o.Protocol, seen })
				b.ReportAllocs()
				for b.Loop() {
					localtest.Must(b, protocol.SerializeRequest(b.Context(), seen.schema, in, smithyhttp.NewStackRequest().(*smithyhttp.Request)))
				}
			})
		}
	}
}

// observer remembers the schema of an operation.
type observer struct {
	smithyhttp.ClientProtocol
	schema *smithy.OperationSchema
}

func (o *observer) SerializeRequest(ctx context.Context, schema *smithy.OperationSchema, in smithy.Serializable, req *smithyhttp.Request) error {
	o.schema = schema
	return o.ClientProtocol.SerializeRequest(ctx, schema, in, req)
}
