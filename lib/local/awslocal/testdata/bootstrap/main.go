// Bootstrap is a Lambda function for tests. Its payload says what an invocation does; the environment variable INIT, what its init does.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

type order struct {
	Do   string // the action, one of those in handle; empty: only report
	Text string // the text to print, fail with or return
	Size int    // for fill: the size of the response in bytes before escaping
}

type report struct {
	Text        string
	PID         int
	RequestID   string
	FunctionARN string
	Deadline    time.Time
	Env         map[string]string
}

func handle(ctx context.Context, o order) (any, error) {
	switch o.Do {
	case "crash":
		os.Exit(3)
	case "quit":
		os.Exit(0)
	case "panic":
		panic(o.Text)
	case "fail":
		return nil, errors.New(o.Text)
	case "hang":
		select {}
	case "print":
		fmt.Println(o.Text)
		fmt.Fprintln(os.Stderr, o.Text+" on stderr")
	case "print and exit": // prints no newline
		fmt.Print(o.Text)
		os.Exit(1)
	case "send":
		if err := send(ctx, o.Text); err != nil {
			return nil, err
		}
	case "fill":
		return string(make([]byte, o.Size)), nil // each byte takes six in JSON
	}
	invocation, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	env := make(map[string]string)
	for _, pair := range os.Environ() {
		for i := range pair {
			if pair[i] == '=' {
				env[pair[:i]] = pair[i+1:]
				break
			}
		}
	}
	return report{
		Text: o.Text, PID: os.Getpid(), RequestID: invocation.AwsRequestID, FunctionARN: invocation.InvokedFunctionArn, Deadline: deadline, Env: env,
	}, nil
}

// send sends a message to the queue with the URL in the environment variable QUEUE, once.
func send(ctx context.Context, text string) error {
	body, err := json.Marshal(map[string]string{"QueueUrl": os.Getenv("QUEUE"), "MessageBody": text})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, os.Getenv("AWS_ENDPOINT_URL"), bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
	sum := sha256.Sum256(body)
	credentials := aws.Credentials{
		AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"), SessionToken: os.Getenv("AWS_SESSION_TOKEN"),
	}
	if err := v4.NewSigner().SignHTTP(ctx, credentials, r, hex.EncodeToString(sum[:]), "sqs", os.Getenv("AWS_REGION"), time.Now()); err != nil {
		return err
	}
	r.Header["Idempotency-Key"] = nil // sends none, and lets net/http try again if a kept connection has been reset
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		answer, err := io.ReadAll(res.Body)
		return fmt.Errorf("%s: %s, %w", res.Status, answer, err)
	}
	return nil
}

func main() {
	switch os.Getenv("INIT") {
	case "exit":
		os.Exit(1)
	case "hang":
		select {}
	case "gate": // waits until the file "open" exists in the directory GATE
		gate := os.Getenv("GATE")
		if err := os.WriteFile(filepath.Join(gate, strconv.Itoa(os.Getpid())), nil, 0o600); err != nil {
			panic(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(gate, "open")); err == nil {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	lambda.Start(handle)
}
