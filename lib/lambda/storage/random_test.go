package storage_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/logplex/logplextest"
)

// fragments are what makes lines difficult: control sequences, invalid UTF-8, JSON and logfmt cut short, Heroku's own texts, chunks.
var fragments = []string{
	"\x1b[31m", "\x1b]0;", "\a", "\xff", "\xe2\x82", "é", `{"a":`, "}", `"`, `\`, ` at=info path="/\"x" status=500`, "service=1ms", "=", "sample#a=1MB",
	"source=x ", "\n", "\x00", "Error R14 (", strings.Repeat("z", 10_000), "\u2028", "\x1b", "{}", `{"time":1}`, "9 <1>1 ", " [original time ",
}

// randomBody returns the frames of a request, some of them cut, and marks that must be found in what is stored.
func randomBody(r *rand.Rand, now time.Time, name string) (frames, marks []string) {
	cut := false // the last frame: then the next one may be taken for its rest
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	for i := range r.IntN(6) {
		var b strings.Builder
		mark := fmt.Sprintf("<%s.%d>", name, i)
		b.WriteString(mark)
		for range r.IntN(12) {
			b.WriteString(pick(fragments...))
		}
		text := b.String()
		if r.IntN(10) > 0 {
			when := now.Add(time.Duration(r.Int64N(int64(40*24*time.Hour))) - 30*24*time.Hour)
			text = logplextest.Line(r.IntN(300), when, pick("app", "heroku", "\xff", ""), pick("web.1", "router", "heroku-postgres", "logplex", "", "log-shuttle"), text)
		}
		f, afterCut := logplextest.Frame(text+pick("", "\n")), cut
		if cut = r.IntN(12) == 0; cut {
			f = f[:r.IntN(len(f))]
		}
		if strings.Contains(f, mark) && !afterCut {
			marks = append(marks, mark)
		}
		frames = append(frames, f)
	}
	return frames, marks
}

// Whatever bodies contain, whichever puts fail or are refused, and however the settings change meanwhile: all messages are stored after a few
// deliveries, nothing is rejected, and no line is missing.
func TestRandomBodies(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		tags := func() map[string]string {
			return map[string]string{
				drain.TagFormat: []string{drain.FormatText, drain.FormatJSON}[r.IntN(2)], drain.TagANSI: []string{drain.ANSIKeep, drain.ANSIStrip}[r.IntN(2)],
			}
		}
		s := newSystem(t, tags())
		refused := refuse([]string{"\ufffd\ufffd\ufffd", "\x00", "sample#", "<0-0.0>"}[r.IntN(4)])
		s.logs.before = func(put int, in *cloudwatchlogs.PutLogEventsInput) error {
			if r.IntN(6) == 0 {
				return errors.New("down")
			}
			for _, e := range in.LogEvents {
				if strings.HasPrefix(*e.Message, "heroku-drains[escaped]") || strings.Contains(*e.Message, `"process":"escaped"`) {
					return nil
				}
			}
			return refused(put, in)
		}
		var waiting []events.SQSMessage
		var marks []string
		for i := range 1 + r.IntN(4) {
			id := fmt.Sprintf("%d-%d", seed, i)
			frames, more := randomBody(r, s.now, id)
			waiting = append(waiting, request{frameID: id, messageID: id}.messages(t, frames...)...)
			marks = append(marks, more...)
		}
		for round := 0; len(waiting) > 0; round++ {
			if round == 50 {
				t.Fatalf("seed %d: never stored\n%s", seed, s.log)
			}
			failed := s.handle(t, waiting...)
			waiting = slices.DeleteFunc(waiting, func(m events.SQSMessage) bool { return !slices.Contains(failed, m.MessageId) })
			if rejected := s.counts(t, "rejected")["rejected"]; rejected > 0 {
				t.Fatalf("seed %d: %d events rejected", seed, rejected)
			}
			s.queues.tags = tags()
			s.now = s.now.Add(7 * time.Minute)
		}
		all := strings.Join(s.logs.texts(), "\n")
		for _, mark := range marks {
			if !strings.Contains(all, mark) {
				t.Errorf("seed %d: %s is not stored", seed, mark)
			}
		}
	}
}
