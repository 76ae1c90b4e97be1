package plaincall_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heroku-drains/lib/awscall/itemcall"
	"heroku-drains/lib/awscall/mappingcall"
	"heroku-drains/lib/awscall/streamcall"
)

// answer is what a service answers.
type answer struct {
	status     int
	code, body string
}

// service returns the configuration of a service that gives these answers, the last one for ever, and the requests that it gets.
func service(answers ...answer) (aws.Config, *[]string) {
	requests := &[]string{}
	return aws.Config{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", "token"),
		Retryer: func() aws.Retryer { return retry.AddWithMaxBackoffDelay(retry.NewStandard(), time.Nanosecond) },
		HTTPClient: doer(func(r *http.Request) (*http.Response, error) {
			body := ""
			if r.Body != nil {
				content, err := io.ReadAll(r.Body)
				if err != nil {
					return nil, err
				}
				body = string(content)
			}
			*requests = append(*requests, r.Method+" "+r.URL.RequestURI()+" "+body)
			now := answers[min(len(*requests), len(answers))-1]
			if now.status == 0 {
				return nil, errors.New("connection reset by peer")
			}
			return &http.Response{StatusCode: now.status, Body: io.NopCloser(strings.NewReader(now.body)), Header: http.Header{"X-Amzn-Errortype": {now.code}}}, nil
		}),
	}, requests
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers  []answer
		attempts int
		want     string // code and message of the error; empty: no error
	}{
		"success":             {[]answer{{200, "", `{"UUID":"u"}`}}, 1, ""},
		"accepted":            {[]answer{{202, "", `{"UUID":"u"}`}}, 1, ""},
		"a conflict":          {[]answer{{409, "ResourceConflictException:http://internal.amazon.com/coral/", `{"message":"exists","Type":"User"}`}}, 1, "ResourceConflictException: exists"},
		"a code in the body":  {[]answer{{404, "", `{"__type":"com.amazonaws.lambda#ResourceNotFoundException","Message":"gone"}`}}, 1, "ResourceNotFoundException: gone"},
		"throttled, then not": {[]answer{{429, "TooManyRequestsException", `{"message":"slow down"}`}, {200, "", `{"UUID":"u"}`}}, 2, ""},
		"unavailable":         {[]answer{{503, "", "<html>"}}, 3, "Service Unavailable: "},
		"a lost connection":   {[]answer{{}, {500, "ServiceException", `{"Message":"oops"}`}, {200, "", `{"UUID":"u"}`}}, 3, ""},
	} {
		cfg, requests := service(test.answers...)
		got, err := mappingcall.New(cfg).Update(t.Context(), "u", mappingcall.UpdateInput{Enabled: true, BatchSize: 10, FunctionResponseTypes: []string{"x"}})
		failure, ok := errors.AsType[smithy.APIError](err)
		switch {
		case test.want == "" && (err != nil || got.UUID != "u"):
			t.Errorf("%s: %+v, error %v", name, got, err)
		case test.want != "" && (!ok || failure.ErrorCode()+": "+failure.ErrorMessage() != test.want):
			t.Errorf("%s: error %v, want %s", name, err, test.want)
		case len(*requests) != test.attempts:
			t.Errorf("%s: %d attempts, want %d", name, len(*requests), test.attempts)
		}
		const want = `PUT /2015-03-31/event-source-mappings/u {"Enabled":true,"BatchSize":10,"MaximumBatchingWindowInSeconds":0,"ScalingConfig":{},"FunctionResponseTypes":["x"]}`
		for _, r := range *requests { // each attempt has its body
			if r != want {
				t.Errorf("%s: sent %s, want %s", name, r, want)
			}
		}
	}
}

func TestListSendsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	cfg, requests := service(answer{200, "", `{"EventSourceMappings":[{"UUID":"u","BatchSize":7,"ScalingConfig":{"MaximumConcurrency":5},"LastModified":1.7e9}],"NextMarker":"more"}`})
	page, err := mappingcall.New(cfg).List(t.Context(), "arn:aws:lambda:eu-west-1:123456789012:function:f", "arn:aws:sqs:eu-west-1:123456789012:q", "a b&c")
	if err != nil || page.NextMarker != "more" || len(page.EventSourceMappings) != 1 || page.EventSourceMappings[0].BatchSize != 7 ||
		*page.EventSourceMappings[0].ScalingConfig.MaximumConcurrency != 5 {
		t.Errorf("%+v, error %v", page, err)
	}
	const want = "GET /2015-03-31/event-source-mappings?EventSourceArn=arn%3Aaws%3Asqs%3Aeu-west-1%3A123456789012%3Aq&" +
		"FunctionName=arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Af&Marker=a%20b%26c "
	if (*requests)[0] != want {
		t.Errorf("sent %s, want %s", (*requests)[0], want)
	}
}

// CloudWatch Logs answers what has no output without a body, and names errors in the body alone.
func TestStreams(t *testing.T) {
	t.Parallel()
	cfg, requests := service(answer{body: "", status: 200}, answer{400, "", `{"__type":"ResourceNotFoundException","message":"no group"}`},
		answer{200, "", `{"logStreams":[{"logStreamName":"a","lastEventTimestamp":1764000000000},{"logStreamName":"b"}],"nextToken":"more"}`})
	c := streamcall.New(cfg)
	if err := c.Create(t.Context(), "/heroku/apps", "[APP]a"); err != nil {
		t.Errorf("create: %v", err)
	}
	err := c.Delete(t.Context(), "/heroku/apps", "[APP]a")
	if failure, ok := errors.AsType[smithy.APIError](err); !ok || failure.ErrorCode() != streamcall.NotFound || failure.ErrorMessage() != "no group" {
		t.Errorf("delete: error %v", err)
	}
	page, err := c.List(t.Context(), streamcall.List{Group: "/heroku/apps", Prefix: "[APP]", Token: "here"})
	last := int64(1764000000000)
	want := streamcall.Page{Streams: []streamcall.Stream{{Name: "a", LastEvent: &last}, {Name: "b"}}, Token: "more"}
	if diff := cmp.Diff(want, page); diff != "" || err != nil {
		t.Errorf("list: error %v (-want +got):\n%s", err, diff)
	}
	sent := []string{
		`POST / {"logGroupName":"/heroku/apps","logStreamName":"[APP]a"}`, `POST / {"logGroupName":"/heroku/apps","logStreamName":"[APP]a"}`,
		`POST / {"logGroupName":"/heroku/apps","logStreamNamePrefix":"[APP]","nextToken":"here"}`,
	}
	if diff := cmp.Diff(sent, *requests); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

// A condition that is false has the item that the table has, and is not tried again; what is throttled is.
func TestItems(t *testing.T) {
	t.Parallel()
	put := itemcall.Put{TableName: "t", Item: itemcall.Item{"k": {S: aws.String("")}, "b": {B: []byte{0, 255}}, "n": {N: aws.String("-7")}, "f": {BOOL: aws.Bool(false)}}}
	const throttled = `{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}`
	const refused = `{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed"`
	for name, test := range map[string]struct {
		last answer
		want itemcall.Item // nil: no error
	}{
		"written":             {answer{200, "", "{}"}, nil},
		"another":             {answer{400, "", refused + `,"Item":{"k":{"S":""},"b":{"B":"AP8="},"n":{"N":"-7"},"f":{"BOOL":false}}}`}, put.Item},
		"none":                {answer{400, "", refused + `}`}, itemcall.Item{}},
		"one with other type": {answer{400, "", refused + `,"Item":{"k":{"SS":["x"]},"m":{"M":{"a":{"NULL":true}}}}}`}, itemcall.Item{"k": {}, "m": {}}},
	} {
		cfg, requests := service(answer{400, "", throttled}, test.last)
		err := itemcall.New(cfg).Put(t.Context(), put)
		found, ok := errors.AsType[*itemcall.Refused](err)
		switch {
		case test.want == nil && err != nil, test.want != nil && !ok:
			t.Errorf("%s: error %v", name, err)
		case ok:
			if diff := cmp.Diff(test.want, found.Item, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if len(*requests) != 2 {
			t.Errorf("%s: %d attempts, want 2", name, len(*requests))
		}
	}
}
