package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"heroku-drains/lib/local/awslocal"
)

// The accounts that both imitations have, in ARNs and URLs.
const (
	ourAccount = "000000000000"
	motoNumber = "123456789012"
)

// replayed are the services whose calls are replayed. Lambda needs the functions, which tests add without a call; CloudWatch has only ages of messages.
var replayed = []string{"sqs", "logs", "dynamodb", "sns", "secretsmanager", "sts"}

var (
	endpoint = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	longPoll = regexp.MustCompile(`"WaitTimeSeconds":\s*\d+`)
)

// replayer replays one recording.
type replayer struct {
	server *motoServer
	ids    *strings.Replacer
	pairs  []string // of IDs in the recording and of moto's
	known  map[string]bool
}

func newReplayer(server *motoServer) *replayer {
	return &replayer{server: server, ids: strings.NewReplacer(), known: map[string]bool{}}
}

// replayAll replays all recordings of a folder.
func replayAll(ctx context.Context, server *motoServer, dir string) (*result, error) {
	recordings, err := readRecordings(dir)
	if err != nil {
		return nil, err
	}
	found := &result{byKind: make(map[disagreement]*occurrence)}
	for _, r := range recordings {
		if err := server.reset(ctx); err != nil {
			return nil, err
		}
		if err := replay(ctx, server, r, found); err != nil {
			return nil, fmt.Errorf("replay %s: %w", r.name, err)
		}
	}
	found.recordings = len(recordings)
	return found, nil
}

// replay replays a recording until moto cannot have the same state any more: when the clock is advanced, when a mapping begins to receive messages, or
// when one of the two has refused a change.
func replay(ctx context.Context, server *motoServer, r recording, found *result) error {
	p := newReplayer(server)
	for i, call := range r.calls {
		if call.Clock > 0 || call.Operation == "CreateEventSourceMapping" {
			found.notComparable += len(r.calls) - i
			return nil
		}
		if !slices.Contains(replayed, call.Service) {
			found.notComparable++
			continue
		}
		theirs, err := p.send(ctx, call)
		if err != nil {
			return err
		}
		found.compared++
		kinds, diverged := p.compare(call, theirs)
		for _, kind := range kinds {
			found.add(disagreement{call.Service, call.Operation, kind}, fmt.Sprintf("%s:%d", r.name, call.Number))
		}
		if diverged && changes(call.Operation) {
			found.notComparable += len(r.calls) - i - 1
			return nil
		}
	}
	return nil
}

// changes reports whether an operation changes something.
func changes(operation string) bool {
	for _, prefix := range []string{"Get", "List", "Describe", "Filter", "Query", "Scan"} {
		if strings.HasPrefix(operation, prefix) {
			return false
		}
	}
	return true
}

// answer is a response.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send makes a recorded call to moto, with moto's IDs in place of ours.
func (p *replayer) send(ctx context.Context, call awslocal.RecordedCall) (answer, error) {
	body := p.translate(call)
	r, err := http.NewRequestWithContext(ctx, call.Method, p.server.url+call.URL, bytes.NewReader([]byte(body)))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", call.ContentType)
	if call.Target != "" {
		r.Header.Set("X-Amz-Target", call.Target)
	}
	if call.Query {
		r.Header.Set("X-Amzn-Query-Mode", "true")
	}
	// moto checks no signatures, but finds the service and the Region in them.
	r.Header.Set("X-Amz-Date", "20260101T000000Z")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"+call.Service+"/aws4_request, SignedHeaders=host, Signature=0")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	text = endpoint.ReplaceAll(bytes.ReplaceAll(text, []byte(motoNumber), []byte(ourAccount)), []byte("http://endpoint"))
	return answer{res.StatusCode, res.Header, text}, err
}

// translate returns the body of a recorded call with moto's IDs, account and endpoint, and without a wait for messages.
func (p *replayer) translate(call awslocal.RecordedCall) string {
	replace := func(text string) string {
		return endpoint.ReplaceAllString(strings.ReplaceAll(p.ids.Replace(text), ourAccount, motoNumber), p.server.url)
	}
	form, err := url.ParseQuery(string(call.Body))
	if err != nil || form.Get("Action") == "" {
		return longPoll.ReplaceAllString(replace(string(call.Body)), `"WaitTimeSeconds":0`)
	}
	for _, values := range form {
		for i := range values {
			values[i] = replace(values[i])
		}
	}
	return form.Encode()
}

// learn notes that moto has another ID for something.
func (p *replayer) learn(ours, theirs string) {
	if ours == theirs || len(ours) < 8 || p.known[ours] {
		return
	}
	p.known[ours] = true
	p.pairs = append(p.pairs, ours, theirs)
	p.ids = strings.NewReplacer(p.pairs...)
}
