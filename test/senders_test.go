package e2e_test

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

const (
	senders     = 20
	bodies      = 1000
	largestBody = 100 << 10
)

// TestManySenders posts 1,000 bodies of up to 100 KiB from 20 senders at once, to two apps of similar names.
func TestManySenders(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS, which is as slow as the real one
	s := start(t)
	apps := []string{"shop", "shop-staging"}
	urls := map[string]string{}
	for _, app := range apps {
		urls[app] = s.put(app, drain.Patch{}).DrainURL
	}
	// On a busy machine, the drains function may not get the response to a call in time, and repeat it. Then the queue has the message twice.
	var sends atomic.Int64
	t.Cleanup(s.AWS.OnCall(func(c awslocal.Call) {
		if c.Operation == "SendMessage" && c.AccessKeyID == stack.LocalDrainsFunction {
			sends.Add(1)
		}
	}))

	// sent is what each stream must contain: the text of each event, and its time in milliseconds.
	var mu sync.Mutex
	sent := map[string]map[string]int64{"shop": {}, "shop-staging": {}}
	var wg sync.WaitGroup
	for sender := range senders {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(sender), 1))
			for n := range bodies / senders {
				app := apps[random.IntN(len(apps))]
				size := int(math.Exp(random.Float64() * math.Log(largestBody)))
				if n == 0 {
					size = largestBody
				}
				body, lines := randomBody(random, fmt.Sprintf("%s sender %d body %d", app, sender, n), size)
				status := 0
				for try := 0; try < 3 && (status == 0 || status == http.StatusServiceUnavailable); try++ { // as Logplex does
					status, _ = s.post(urls[app], body)
				}
				if status != http.StatusOK {
					t.Errorf("POST of %d bytes: %d", len(body), status)
				}
				mu.Lock()
				for text, at := range lines {
					sent[app][text] = at
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	twice := map[string]bool{} // bodies
	for _, app := range apps {
		t.Logf("%s: %d lines", app, len(sent[app]))
		compare(t, app, sent[app], s.stored(app, len(sent[app])), twice)
	}
	if repeated := int(sends.Load()) - bodies; len(twice) > repeated {
		t.Errorf("%d messages were sent twice; these bodies are stored twice: %q", repeated, slices.Sorted(maps.Keys(twice)))
	}
}

// randomBody returns a body of one line or of about size bytes, and the events that must be stored for it.
func randomBody(random *rand.Rand, name string, size int) (body []byte, lines map[string]int64) {
	lines = map[string]int64{}
	for {
		at := time.Now().Add(-time.Duration(random.Int64N(int64(time.Hour)))).UTC().Truncate(time.Microsecond)
		text := fmt.Sprintf("%s line %d %s", name, len(lines), randomText(random))
		frame := logplex.AppendFrame(nil, dynoLine(at, text))
		if len(lines) > 0 && len(body)+len(frame) > size {
			return body, lines
		}
		body = append(body, frame...)
		lines["app[web.1]: "+strings.ToValidUTF8(text, "\uFFFD")] = at.UnixMilli()
	}
}

// randomText returns a text of what is easily mishandled: colors, NULs, newlines, quotes, characters of up to four bytes, and invalid UTF-8.
func randomText(random *rand.Rand) string {
	pieces := []string{"plain text", "\x1b[32mgreen\x1b[0m", "\x00", "a\nb", `"quoted\"`, "Ünïcödé", "\U0001f9ea", "\xff\xfe", "\xe2\x82", "<190>1", "83 <40>1 "}
	var b bytes.Buffer
	for range random.IntN(20) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String()
}

// compare checks the events of an app, and adds the names of the bodies that are stored twice.
func compare(t *testing.T, app string, want map[string]int64, got []types.OutputLogEvent, twice map[string]bool) {
	t.Helper()
	seen := map[string]bool{}
	var last int64
	problems := 0
	report := func(format string, args ...any) {
		if problems++; problems <= 10 {
			t.Errorf(app+": "+format, args...)
		}
	}
	for _, e := range got {
		text, at := aws.ToString(e.Message), aws.ToInt64(e.Timestamp)
		wantAt, known := want[text]
		switch {
		case !known:
			report("stored, but never sent in this form: %q", text)
		case at != wantAt:
			report("stored at %d, sent for %d: %q", at, wantAt, text)
		case at < last:
			report("out of order at %d: %q", at, text)
		}
		if seen[text] {
			name, _, _ := strings.Cut(text, " line ")
			twice[name] = true
		}
		seen[text], last = true, at
	}
	for text := range want {
		if !seen[text] {
			report("lost: %q", text)
		}
	}
}
