package mappingcall_test

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

	"heroku-drains/lib/awscall/mappingcall"
)

// answer is what a Lambda answers.
type answer struct {
	status     int
	code, body string
}

// client returns a client of a Lambda that gives these answers, the last one for ever, and the requests that it gets.
func client(answers ...answer) (*mappingcall.Client, *[]string) {
	requests := &[]string{}
	return mappingcall.New(aws.Config{
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
	}), requests
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
		c, requests := client(test.answers...)
		got, err := c.Update(t.Context(), "u", mappingcall.UpdateInput{Enabled: true, BatchSize: 10, FunctionResponseTypes: []string{"x"}})
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
	c, requests := client(answer{200, "", `{"EventSourceMappings":[{"UUID":"u","BatchSize":7,"ScalingConfig":{"MaximumConcurrency":5},"LastModified":1.7e9}],"NextMarker":"more"}`})
	page, err := c.List(t.Context(), "arn:aws:lambda:eu-west-1:123456789012:function:f", "arn:aws:sqs:eu-west-1:123456789012:q", "a b&c")
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
