package logpages_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/client/logpages"
)

// answer is an HTTP client that answers each call alike.
type answer struct {
	status int
	body   io.Reader
	closed bool
}

func (a *answer) Do(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{"X-Amzn-Requestid": {"r"}}, Body: a, ContentLength: -1}, nil
}

func (a *answer) Read(p []byte) (int, error) { return a.body.Read(p) }

func (a *answer) Close() error {
	a.closed = true
	return nil
}

// filter calls FilterLogEvents, which is answered so.
func filter(t *testing.T, a *answer, how ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	t.Helper()
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), HTTPClient: a, Retryer: aws.NopRetryer{},
	}, how...)
	out, err := client.FilterLogEvents(context.Background(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("g")})
	if !a.closed {
		t.Error("the body of the response is not closed")
	}
	return out, err
}

// both answers a call with each decoder, and compares the results.
func both(t *testing.T, body string) {
	t.Helper()
	want, wantErr := filter(t, &answer{status: http.StatusOK, body: strings.NewReader(body)})
	got, err := filter(t, &answer{status: http.StatusOK, body: strings.NewReader(body)}, logpages.ReadFast)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%s: error %v, the SDK's is %v", body, err, wantErr)
	}
	if err != nil {
		return
	}
	opts := cmp.Options{
		cmpopts.IgnoreFields(cloudwatchlogs.FilterLogEventsOutput{}, "ResultMetadata"), cmpopts.IgnoreUnexported(cloudwatchlogs.FilterLogEventsOutput{},
			types.FilteredLogEvent{}, types.SearchedLogStream{}), cmpopts.EquateEmpty(),
	}
	if diff := cmp.Diff(want, got, opts); diff != "" {
		t.Fatalf("%s (-SDK +this):\n%s", body, diff)
	}
}

// FuzzRead reads arbitrary responses. They must be read as the SDK reads them.
func FuzzRead(f *testing.F) {
	f.Add(`{"events":[{"logStreamName":"s","timestamp":17,"message":"a \u00e9\n\"b\"","ingestionTime":18,"eventId":"1"},` +
		`{"eventId":"2","message":"","logStreamName":"s","ingestionTime":-1,"timestamp":0,"new":[{"a":null}]}],"searchedLogStreams":[],"nextToken":"t"}`)
	f.Add(`{"events":[],"searchedLogStreams":null}`)
	f.Add(`{"events":[{"message":"no more"}],"searchedLogStreams":[{"logStreamName":"s","searchedCompletely":true}]}`)
	f.Add(`{"events":[{"message":"a","message":"b"}],"events":[]}`)
	f.Add(`{"events":null,"nextToken":null}`)
	f.Add(`{"nextToken":"a","nextToken":"b"} x`)
	f.Add(`{"events":[{"logStreamName":"s","timestamp":1e3,"message":"a","ingestionTime":18,"eventId":"1"}]}`)
	f.Add("{}")
	f.Add("")
	f.Fuzz(func(t *testing.T, body string) {
		if !json.Valid([]byte(body)) {
			return // the SDK reads some of what is not JSON
		}
		both(t, body)
	})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	_, err := filter(t, &answer{status: http.StatusBadRequest, body: strings.NewReader(`{"__type":"ResourceNotFoundException","message":"gone"}`)}, logpages.ReadFast)
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok {
		t.Errorf("error %v", err)
	}
	cut := io.MultiReader(strings.NewReader(`{"events":[`), &failing{})
	_, err = filter(t, &answer{status: http.StatusOK, body: cut}, logpages.ReadFast)
	if _, ok := errors.AsType[*smithy.DeserializationError](err); !ok || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
	_, err = filter(t, &answer{status: http.StatusOK, body: strings.NewReader(`<html>Sign in</html>`)}, logpages.ReadFast)
	if _, ok := errors.AsType[*smithy.DeserializationError](err); !ok {
		t.Errorf("error %v", err)
	}
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
