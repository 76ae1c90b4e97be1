package storage_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/ledger"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/logplex/logplextest"
)

// entries returns what all invocations wrote into the ledger, added up.
func (s *system) entries(t testing.TB) ledger.Entry {
	t.Helper()
	var total ledger.Entry
	for line := range strings.Lines(s.log.String()) {
		var record struct {
			Msg string `json:"msg"`
			ledger.Entry
		}
		localtest.Must(t, json.Unmarshal([]byte(line), &record))
		if record.Msg == ledger.BatchDone {
			total.Add(record.Entry)
		}
	}
	return total
}

// Whichever puts fail, and however often messages are delivered: what was taken, stored, left out and recognized is what the messages contain, and
// what the log stream has.
func TestLedgerOfRandomDeliveries(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := newSystem(t, nil)
		s.alerting(t, `{"drop": {"noise": {"pattern": "^noise"}}}`)
		s.logs.before = func(int, *cloudwatchlogs.PutLogEventsInput) error {
			if r.IntN(3) == 0 {
				return errors.New("down")
			}
			return nil
		}
		type content struct{ blank, noise, other int }
		contents := map[string]content{}
		var all []events.SQSMessage
		for i := range 1 + r.IntN(5) {
			id := fmt.Sprint(i)
			var c content
			var frames []string
			for n := range 1 + r.IntN(6) {
				// Lines of several days take several puts, one of which may fail.
				when := at(-time.Duration(r.IntN(6*24)) * time.Hour)
				switch text := fmt.Sprintf("%d.%d.%d", seed, i, n); r.IntN(4) {
				case 0:
					frames, c.blank, c.other = append(frames, "\n"+dyno(when, text)), c.blank+1, c.other+1
				case 1:
					frames, c.noise = append(frames, dyno(when, "noise "+text)), c.noise+1
				default:
					frames, c.other = append(frames, dyno(when, text)), c.other+1
				}
			}
			contents[id] = c
			all = append(all, post(t, id, frames...))
		}
		var want ledger.Entry
		done := map[string]bool{}
		for waiting := all; len(waiting) > 0; {
			delivered := slices.Concat(waiting, all[:r.IntN(len(all))])
			for i := range delivered {
				original := delivered[i].MessageId
				delivered[i].MessageId = fmt.Sprint(original, "/", i) // as if Logplex had sent it again
			}
			failed := s.handle(t, delivered...)
			waiting = nil
			for _, m := range delivered {
				original, _, _ := strings.Cut(m.MessageId, "/")
				c := contents[original]
				want.Taken += c.blank + c.noise + c.other
				switch {
				case slices.Contains(failed, m.MessageId):
					if !slices.ContainsFunc(waiting, func(w events.SQSMessage) bool { return w.MessageId == original }) {
						waiting = append(waiting, withID(m, original))
					}
					continue
				case done[original]:
					want.Copies++
				default:
					want.Posts++
					want.Dropped += c.noise
				}
				done[original] = true
				want.Blank += c.blank
			}
			waiting = slices.DeleteFunc(waiting, func(m events.SQSMessage) bool { return done[m.MessageId] })
		}
		got := s.entries(t)
		want.Stored = len(s.logs.texts())
		want.Duplicates, want.Returned = got.Duplicates, got.Returned // the rest, in one way or the other
		want.LagMS = got.LagMS
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d (-want +got):\n%s", seed, diff)
		}
		if got.Unaccounted() != 0 {
			t.Errorf("seed %d: %d lines are unaccounted for: %+v", seed, got.Unaccounted(), got)
		}
	}
}

func TestLedgerOfLosses(t *testing.T) {
	t.Parallel()
	const token = "d.0a1b2c3d-0000-4000-8000-000000000001"
	named := func(token string) string {
		return platform("logplex", "Error L10 (output buffer overflow): drain '"+token+"' dropped 5 messages since 2026-11-20T11:58:00.323777+00:00.")
	}
	shuttle := func(text string) string {
		return logplextest.Frame(logplextest.Line(190, noon, "app", "log-shuttle", text))
	}
	for _, test := range []struct {
		name     string
		messages func(t *testing.T) []events.SQSMessage
		want     ledger.Entry
	}{
		{"Logplex's own", func(t *testing.T) []events.SQSMessage {
			return []events.SQSMessage{post(t, "1", overflow(noon, 3), dyno(noon, "a"))}
		}, ledger.Entry{Posts: 1, Taken: 2, Stored: 2, L10: 3}},
		{"that names this drain and another", func(t *testing.T) []events.SQSMessage {
			return []events.SQSMessage{post(t, "1", named(token), named("d.other"))}
		}, ledger.Entry{Posts: 1, Taken: 2, Stored: 2, L10: 5}},
		{"log-shuttle's", func(t *testing.T) []events.SQSMessage {
			return []events.SQSMessage{post(t, "1", shuttle("Error L12: 222 messages dropped since 2026-11-20T11:58:00+00:00"),
				shuttle("Error L13: 111 messages lost since 2026-11-20T11:58:00+00:00"))}
		}, ledger.Entry{Posts: 1, Taken: 2, Stored: 2, L12: 222, L13: 111}},
		{"forged by a dyno", func(t *testing.T) []events.SQSMessage {
			return []events.SQSMessage{post(t, "1", dyno(noon, "Error L10 (output buffer overflow): 3 messages dropped since 2026-11-20T11:58:00+00:00."))}
		}, ledger.Entry{Posts: 1, Taken: 1, Stored: 1}},
		{"a retry that reports more of the same loss", func(t *testing.T) []events.SQSMessage {
			first := request{frameID: "F", messageID: "1"}.message(t, overflow(noon, 3), dyno(noon, "a"))
			later := logplextest.Frame("<172>1 2026-11-20T12:00:05+00:00 host heroku logplex - Error L10 (output buffer overflow): 8 messages dropped since 2026-11-20T11:59:00+00:00.")
			return []events.SQSMessage{first, request{frameID: "F", messageID: "2"}.message(t, later, dyno(noon, "a"))}
		}, ledger.Entry{Posts: 1, Copies: 1, Taken: 4, Stored: 3, Duplicates: 1, L10: 8}},
		{"the same number in another batch", func(t *testing.T) []events.SQSMessage {
			return []events.SQSMessage{post(t, "1", overflow(noon, 3)), post(t, "2", overflow(noon, 3))}
		}, ledger.Entry{Posts: 2, Taken: 2, Stored: 2, L10: 6}},
		{"a copy", func(t *testing.T) []events.SQSMessage {
			return []events.SQSMessage{post(t, "1", overflow(noon, 3)), post(t, "1", overflow(noon, 3))}
		}, ledger.Entry{Posts: 1, Copies: 1, Taken: 2, Stored: 1, Duplicates: 1, L10: 3}},
	} {
		for _, together := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, in one batch: %t", test.name, together), func(t *testing.T) {
				t.Parallel()
				s := newSystem(t, nil)
				messages := test.messages(t)
				if together {
					s.handle(t, messages...)
				} else {
					for _, m := range messages {
						s.handle(t, m)
					}
				}
				got := s.entries(t)
				got.LagMS = 0
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// A loss counts once, whether its line is stored, dropped by a rule, or comes again because its message failed.
func TestLedgerOfLossesThatComeAgain(t *testing.T) {
	t.Parallel()
	s := newSystem(t, nil)
	s.alerting(t, `{"drop": {"losses": {"pattern": "Error L10", "source": "heroku"}}}`)
	old := dyno(at(-30*24*time.Hour), "old")
	s.restartOn(s.logs, 400*24*time.Hour)
	s.logs.retention = 400 * 24 * time.Hour
	s.logs.before = throttle(2) // the message takes two puts, the second of which fails
	m := post(t, "1", overflow(noon, 3), dyno(noon, "a"), old)
	s.handle(t, m)
	s.handle(t, m)
	s.handle(t, m)
	got := s.entries(t)
	if got.L10 != 3 || got.Unaccounted() != 0 || got.Posts != 1 {
		t.Errorf("%+v", got)
	}
}

// The lag is that of this system: Heroku can send lines that are old, and clocks of dynos can be wrong.
func TestLedgerOfLag(t *testing.T) {
	t.Parallel()
	s := newSystem(t, nil)
	s.handle(t, request{frameID: "F", messageID: "1", received: at(-2 * time.Second)}.messages(t, dyno(at(-time.Hour), "a"), dyno(at(-30*24*time.Hour), "moved"))...)
	s.handle(t, request{frameID: "G", messageID: "2", received: at(time.Second)}.messages(t, dyno(at(-time.Hour), "b"))...) // clocks differ
	s.handle(t, request{frameID: "H", messageID: "3", received: at(-time.Minute)}.messages(t, " ")...)                      // nothing is stored
	if got := s.entries(t); got.LagMS != 2000 || got.Stored != 3 {
		t.Errorf("%+v", got)
	}
}
