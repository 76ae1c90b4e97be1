package payload_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/payload"
	"heroku-drains/lib/stack"
)

func read(t testing.TB, file string) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// The events are those of AWS's documentation, with a body of Logplex's and another name for the queue.
func TestReadMessages(t *testing.T) {
	got, err := payload.ReadMessages(read(t, "sqs.json"))
	want := []payload.Message{
		{ID: "059f36b4-87a3-44ab-83d2-661975830a7d", Source: "arn:aws:sqs:us-east-2:123456789012:APP_shop", Body: `{"version":1,"app":"shop","body":"ODMgPDQwPjEg+/=="}`, Receives: 1},
		{ID: "2e1424d4-f796-459a-8184-9c92662be6da", Source: "arn:aws:sqs:us-east-2:123456789012:APP_shop", Body: "Test message.\né€🚚", Receives: 3},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestReadPost(t *testing.T) {
	got, err := payload.ReadPost(read(t, "post.json"))
	want := payload.Post{
		App: "shop", RequestID: "JKJaXmPLvHcESHA=", Time: 1583348638390, Body: "ODMgPDQwPjEgMjAxMi0xMS0zMFQwNjo0NToyOSswMDowMCBob3N0IGFwcCB3ZWIuMyAtIHVw", IsBase64: true,
		Headers: map[string]string{
			payload.Authorization: "Basic c2hvcDpwdw==", payload.MsgCount: "1", payload.FrameID: "09C557EAFCFB6CF2740EE62F62971098",
			payload.DrainToken: "d.fc6b856b-3332-4546-93de-7d0ee272c3bd",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestRejectedMessages(t *testing.T) {
	const record = `"messageId":"1","body":"b","eventSourceARN":"arn"`
	for name, event := range map[string]string{
		"no JSON":               `Records`,
		"no records":            `{}`,
		"records are null":      `{"Records":null}`,
		"records twice":         `{"Records":[],"Records":[]}`,
		"another event":         `{"routeKey":"POST /drains/{app}"}`,
		"a name in other case":  `{"records":[]}`,
		"no ID":                 `{"Records":[{"body":"b","eventSourceARN":"arn"}]}`,
		"no body":               `{"Records":[{"messageId":"1","eventSourceARN":"arn"}]}`,
		"no queue":              `{"Records":[{"messageId":"1","body":"b"}]}`,
		"two bodies":            `{"Records":[{` + record + `,"body":"c"}]}`,
		"a body that is null":   `{"Records":[{"messageId":"1","body":null,"eventSourceARN":"arn"}]}`,
		"a body that is object": `{"Records":[{"messageId":"1","body":{},"eventSourceARN":"arn"}]}`,
		"a number of receives":  `{"Records":[{` + record + `,"attributes":{"ApproximateReceiveCount":1}}]}`,
		"two attributes":        `{"Records":[{` + record + `,"attributes":{},"attributes":{}}]}`,
		"more after the end":    `{"Records":[]}{}`,
		"not UTF-8":             "{\"Records\":[{" + record + ",\"x\":\"\xff\"}]}",
	} {
		if got, err := payload.ReadMessages([]byte(event)); err == nil {
			t.Errorf("%s: read %v", name, got)
		} else if strings.Contains(err.Error(), "messageId") {
			t.Errorf("%s: the error repeats the event: %v", name, err)
		}
	}
}

func TestRejectedPosts(t *testing.T) {
	const route, parameters, about = `"routeKey":"` + stack.RoutePost + `"`, `"pathParameters":{"app":"shop"}`, `"requestContext":{"requestId":"1","timeEpoch":1}`
	if _, err := payload.ReadPost([]byte(`{` + route + `,` + parameters + `,` + about + `}`)); err != nil {
		t.Fatal(err)
	}
	for name, event := range map[string]string{
		"another route":        `{"routeKey":"` + stack.RouteGet + `",` + parameters + `,` + about + `}`,
		"no route":             `{` + parameters + `,` + about + `}`,
		"two routes":           `{` + route + `,` + route + `,` + parameters + `,` + about + `}`,
		"no app":               `{` + route + `,` + about + `}`,
		"no context":           `{` + route + `,` + parameters + `}`,
		"no time":              `{` + route + `,` + parameters + `,"requestContext":{"requestId":"1"}}`,
		"a time with seconds":  `{` + route + `,` + parameters + `,"requestContext":{"requestId":"1","timeEpoch":1.5}}`,
		"two passwords":        `{` + route + `,` + parameters + `,` + about + `,"headers":{"authorization":"a","authorization":"b"}}`,
		"two lists of headers": `{` + route + `,` + parameters + `,` + about + `,"headers":{},"headers":{}}`,
		"two apps":             `{` + route + `,"pathParameters":{"app":"shop","app":"pohs"},` + about + `}`,
		"base64 as text":       `{` + route + `,` + parameters + `,` + about + `,"isBase64Encoded":"true"}`,
		"schedule":             `{"routeKey":"` + stack.RouteCheckQueues + `"}`,
	} {
		if got, err := payload.ReadPost([]byte(event)); err == nil {
			t.Errorf("%s: read %v", name, got)
		}
	}
}

// Whatever event ReadMessages accepts, encoding/json reads the same messages of; and it accepts all that have AWS's form.
func FuzzReadMessages(f *testing.F) {
	f.Add(read(f, "sqs.json"), "id", "body", "arn", "1")
	f.Add([]byte(`{"Records":[]}`), "", "\"\\\x00\x1b\x7fé€🚚\xff\u2028", "<>&", "x")
	f.Fuzz(func(t *testing.T, event []byte, id, body, source, receives string) {
		if got, err := payload.ReadMessages(event); err == nil {
			var plain events.SQSEvent
			if err := json.Unmarshal(event, &plain); err != nil {
				if !strings.Contains(err.Error(), "cannot unmarshal") { // into a member that is not needed
					t.Fatalf("%q is accepted, but encoding/json says %v", event, err)
				}
				return
			}
			if oddNames(event) {
				return // encoding/json does not distinguish upper and lower case
			}
			if diff := cmp.Diff(payload.Messages(plain), append([]payload.Message{}, got...)); diff != "" {
				t.Errorf("%q (-encoding/json +payload):\n%s", event, diff)
			}
		}
		plain := events.SQSEvent{Records: []events.SQSMessage{{
			MessageId: id, Body: body, EventSourceARN: source, ReceiptHandle: body, EventSource: "aws:sqs",
			Attributes: map[string]string{"ApproximateReceiveCount": receives, body: id}, MessageAttributes: map[string]events.SQSMessageAttribute{},
		}}}
		written, err := json.Marshal(plain)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &plain); err != nil { // without invalid UTF-8
			t.Fatal(err)
		}
		got, err := payload.ReadMessages(written)
		if body == "ApproximateReceiveCount" {
			return
		}
		if diff := cmp.Diff(payload.Messages(plain), got); diff != "" || err != nil {
			t.Errorf("%s: %v (-encoding/json +payload):\n%s", written, err, diff)
		}
	})
}

// oddNames reports whether an event has names that are equal to others but for their case.
func oddNames(event []byte) bool {
	text := string(event)
	for _, name := range []string{"Records", "messageId", "body", "eventSourceARN", "attributes", "headers", "pathParameters", "requestContext", "requestId", "timeEpoch", "routeKey",
		"isBase64Encoded"} {
		if strings.Count(strings.ToLower(text), strings.ToLower(name)) != strings.Count(text, name) {
			return true
		}
	}
	return strings.ContainsAny(text, "\\ſK") // names can be written with escapes; and encoding/json folds these letters, too
}

// Whatever event ReadPost accepts, encoding/json reads the same POST of; and it accepts all that have AWS's form.
func FuzzReadPost(f *testing.F) {
	f.Add(read(f, "post.json"), "shop", "Basic abc", "body", int64(0), true)
	f.Add([]byte(`{}`), "", "\"\\\x00\x1b\x7fé€🚚\xff\u2028", "", int64(-1), false)
	f.Fuzz(func(t *testing.T, event []byte, app, header, body string, at int64, isBase64 bool) {
		if got, err := payload.ReadPost(event); err == nil {
			var plain events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal(event, &plain); err != nil {
				if !strings.Contains(err.Error(), "cannot unmarshal") {
					t.Fatalf("%q is accepted, but encoding/json says %v", event, err)
				}
				return
			}
			if oddNames(event) {
				return
			}
			if diff := cmp.Diff(payload.PostOf(plain), got); diff != "" {
				t.Errorf("%q (-encoding/json +payload):\n%s", event, diff)
			}
		}
		plain := events.APIGatewayV2HTTPRequest{
			RouteKey: stack.RoutePost, PathParameters: map[string]string{stack.RouteApp: app}, Body: body, IsBase64Encoded: isBase64,
			Headers: map[string]string{payload.Authorization: header, payload.FrameID: app, "x-other": header}, RawQueryString: header,
			RequestContext: events.APIGatewayV2HTTPRequestContext{RequestID: app, TimeEpoch: at, DomainName: header},
		}
		written, err := json.Marshal(plain)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &plain); err != nil {
			t.Fatal(err)
		}
		got, err := payload.ReadPost(written)
		if diff := cmp.Diff(payload.PostOf(plain), got); diff != "" || err != nil {
			t.Errorf("%s: %v (-encoding/json +payload):\n%s", written, err, diff)
		}
	})
}
