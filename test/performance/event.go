package main

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"heroku-drains/lib/credential"
	"heroku-drains/lib/stack"
)

// app is whose lines are sent.
const app = "shop"

// signingKey is the key of its password.
var signingKey = []byte("a signing key of thirty-two bytes")

const (
	account    = "123456789012"
	region     = "us-east-1"
	queueURL   = "https://sqs." + region + ".amazonaws.com/" + account + "/APP_" + app
	drainToken = "d.fc6b856b-3332-4546-93de-7d0ee272c3bd"
)

// gatewayEvent returns the event that API Gateway makes of a POST of Logplex.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func gatewayEvent(body []byte, lines int) []byte {
	path := "/drains/" + app
	r := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: stack.RoutePost, RawPath: path,
		Headers: map[string]string{
			"authorization":       "Basic " + base64.StdEncoding.EncodeToString([]byte(app+":"+credential.Password(signingKey, app))),
			"content-length":      fmt.Sprint(len(body)),
			"content-type":        "application/logplex-1",
			"host":                "a1b2c3d4e5.execute-api." + region + ".amazonaws.com",
			"logplex-drain-token": drainToken,
			"logplex-frame-id":    frameID(0),
			"logplex-msg-count":   fmt.Sprint(lines),
			"user-agent":          "Logplex/v73",
			"x-amzn-trace-id":     "Root=1-65f1a2b3-0123456789abcdef01234567",
			"x-forwarded-for":     "203.0.113.9",
			"x-forwarded-port":    "443",
			"x-forwarded-proto":   "https",
		},
		PathParameters: map[string]string{stack.RouteApp: app},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: stack.RoutePost, AccountID: account, Stage: "$default", RequestID: "JKJaXmPLvHcESHA=", APIID: "a1b2c3d4e5",
			DomainName: "a1b2c3d4e5.execute-api." + region + ".amazonaws.com", DomainPrefix: "a1b2c3d4e5",
			Time: time.Now().UTC().Format("02/Jan/2006:15:04:05 +0000"), TimeEpoch: time.Now().UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: "POST", Path: path, Protocol: "HTTP/1.1", SourceIP: "203.0.113.9", UserAgent: "Logplex/v73",
			},
		},
		Body: base64.StdEncoding.EncodeToString(body), IsBase64Encoded: true,
	}
	return encode(r)
}

// frameID returns Logplex's ID of a frame.
func frameID(n int) string { return fmt.Sprintf("%032X", n) }

// sqsEvent returns the event in which Lambda delivers messages of the app's queue. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
func sqsEvent(messages []string) []byte {
	var batch events.SQSEvent
	for i, body := range messages {
		sum := md5.Sum([]byte(body))
		batch.Records = append(batch.Records, events.SQSMessage{
			MessageId:     fmt.Sprintf("059f36b4-87a3-44ab-83d2-%012d", i),
			ReceiptHandle: "AQEB" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{byte(i), 0xfb, 0x3e}, 90)),
			Body:          body,
			Attributes: map[string]string{
				"ApproximateFirstReceiveTimestamp": "1545082649185", "ApproximateReceiveCount": "1",
				"SenderId": "AROAEXAMPLEID:heroku-drains", "SentTimestamp": "1545082649183", "AWSTraceHeader": "Root=1-65f1a2b3-0123456789abcdef01234567",
			},
			MessageAttributes: map[string]events.SQSMessageAttribute{},
			Md5OfBody:         hex.EncodeToString(sum[:]),
			EventSource:       "aws:sqs",
			EventSourceARN:    "arn:aws:sqs:" + region + ":" + account + ":APP_" + app,
			AWSRegion:         region,
		})
	}
	return encode(batch)
}

// encode returns JSON as Lambda passes it on: without escapes for HTML.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // cannot happen: strings and numbers
	}
	return bytes.TrimSpace(b.Bytes())
}
