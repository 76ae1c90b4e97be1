// Package lines makes the log lines of the fault matrix, and knows what must be stored for each. It shares no code with the functions: it states
// what docs/architecture.md and the formats promise, from Heroku's wire format alone.
package lines

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// ChunkSize is the length at which Heroku splits a long line of a dyno, in bytes.
// https://devcenter.heroku.com/articles/logging#log-message-limits
const ChunkSize = 10_000

// timeLayout is how Logplex writes the times of dynos' lines.
const timeLayout = "2006-01-02T15:04:05.000000-07:00"

// Source makes the lines of an app: the usual ones, and those that are easily mishandled. Each has a number of its own, except for samples of an
// add-on, which are the same for a whole second, as they can be at Heroku. It is not safe for concurrent use.
type Source struct {
	rng     *rand.Rand
	app     string
	number  int
	last    time.Time
	pending [][]byte
	kinds   []kind
}

// kind makes the messages of one event of an app.
type kind func(s *Source, at time.Time) []string

// New returns a Source of all kinds of lines.
func New(app string, seed uint64) *Source {
	return newSource(app, seed, []kind{
		plain, plain, plain, hostile, hostile, router, router, timedOut, sample, platform, long, list, indented, empty, object, priority, timeless, unreadable, old,
		ahead, quoting,
	})
}

// NewSpread returns a Source of lines that are more than a day apart, so that a message takes several calls of PutLogEvents.
func NewSpread(app string, seed uint64) *Source {
	return newSource(app, seed, []kind{plain, plain, hostile, router, long, late, late})
}

// NewQuiet returns a Source of an app that prints little but the same sample again and again.
func NewQuiet(app string, seed uint64) *Source {
	return newSource(app, seed, []kind{sample, sample, plain})
}

// NewLate returns a Source of late lines only, so that a message takes a call of PutLogEvents for each of their days.
func NewLate(app string, seed uint64) *Source { return newSource(app, seed, []kind{late}) }

// NewSamples returns a Source of an app that prints only samples, so that of three lines two that follow each other are the same.
func NewSamples(app string, seed uint64) *Source { return newSource(app, seed, []kind{sample}) }

// NewLarge returns a Source of lines that are mostly long, for bodies that do not fit into one queue message.
func NewLarge(app string, seed uint64) *Source {
	return newSource(app, seed, []kind{long, long, long, long, long, long, long, long, plain, hostile})
}

func newSource(app string, seed uint64, kinds []kind) *Source {
	return &Source{rng: rand.New(rand.NewPCG(seed, uint64(len(app)))), app: app, kinds: kinds}
}

// Next returns the next message, as Logplex puts it into a frame. Its time is about at.
func (s *Source) Next(at time.Time) []byte {
	for len(s.pending) == 0 {
		// No two lines have the same time, so that nothing but the chunks of a line can be taken for such.
		if at = at.UTC().Truncate(time.Microsecond); !at.After(s.last) {
			at = s.last.Add(time.Microsecond)
		}
		s.last = at
		for _, m := range s.kinds[s.rng.IntN(len(s.kinds))](s, at) {
			s.pending = append(s.pending, []byte(m))
		}
	}
	next := s.pending[0]
	s.pending = s.pending[1:]
	return next
}

// mark returns a text that occurs in one line of one app only.
func (s *Source) mark() string {
	s.number++
	return fmt.Sprintf("<%s %06d>", s.app, s.number)
}

func (s *Source) dyno() string { return fmt.Sprintf("web.%d", 1+s.rng.IntN(3)) }

func dyno(at time.Time, process, text string) string {
	return "<190>1 " + at.Format(timeLayout) + " host app " + process + " - " + text
}

func plain(s *Source, at time.Time) []string {
	return []string{dyno(at, s.dyno(), s.mark()+strings.Repeat(" GET /carts", s.rng.IntN(20))+"\n")}
}

// pieces are what is easily mishandled: colors, NULs, newlines, quotes, characters of up to four bytes, invalid UTF-8, what looks like a frame.
var pieces = []string{
	"plain", "\x1b[32mgreen\x1b[0m", "\x00", "a\nb", `"quoted\"`, "Ünïcödé", "\U0001f9ea", "\xff\xfe", "\xe2\x82", "<190>1 ", "83 <40>1 ", "\t", "\u2028", "\x1b]0;title\a", "{", `\u0000`,
}

func hostile(s *Source, at time.Time) []string {
	var b strings.Builder
	b.WriteString(s.mark())
	for range s.rng.IntN(20) {
		b.WriteString(pieces[s.rng.IntN(len(pieces))])
	}
	b.WriteString(".\n")
	return []string{dyno(at, s.dyno(), b.String())}
}

func router(s *Source, at time.Time) []string {
	return []string{s.request(at, "at=info", 200, s.rng.IntN(900))}
}

// timedOut returns a line that an alert rule matches.
func timedOut(s *Source, at time.Time) []string {
	return []string{s.request(at, `at=error code=H12 desc="Request timeout"`, 503, 30_000)}
}

// request returns a line of the router.
func (s *Source) request(at time.Time, outcome string, status, milliseconds int) string {
	return "<158>1 " + at.Format(timeLayout) + " host heroku router - " + outcome + ` method=GET path="/carts/` + s.mark() +
		fmt.Sprintf(`" host=shop.example.com request_id=%032x fwd="203.0.113.7" dyno=%s connect=1ms service=%dms status=%d bytes=512 protocol=https`+"\n",
			s.rng.Uint64(), s.dyno(), milliseconds, status)
}

// sample returns the sample of an add-on twice: without a newline, without a fraction of a second, and the same for a whole second.
func sample(_ *Source, at time.Time) []string {
	text := "<134>1 " + at.Format("2006-01-02T15:04:05-07:00") + " host app heroku-redis - source=REDIS addon=redis-flat-1 sample#active-connections=4 sample#hit-rate=0.99"
	return []string{text, text}
}

func platform(s *Source, at time.Time) []string {
	return []string{"<45>1 " + at.Format(timeLayout) + " host heroku " + s.dyno() + " - State changed from starting to up " + s.mark() + "\n"}
}

// long returns the chunks of a line that Heroku has split, which may be in the middle of a character.
func long(s *Source, at time.Time) []string {
	process := s.dyno()
	var b strings.Builder
	b.WriteString(s.mark())
	for size := ChunkSize + s.rng.IntN(25_000); b.Len() < size; {
		b.WriteString("äöü€ ")
	}
	text := b.String()
	var chunks []string
	for len(text) > ChunkSize {
		chunks = append(chunks, dyno(at, process, text[:ChunkSize]))
		text = text[ChunkSize:]
	}
	return append(chunks, dyno(at, process, text+"\n"))
}

func list(s *Source, at time.Time) []string { return []string{dyno(at, s.dyno(), "- "+s.mark()+"\n")} }

func indented(s *Source, at time.Time) []string {
	return []string{dyno(at, s.dyno(), "    at "+s.mark()+"  \n")}
}

func empty(s *Source, at time.Time) []string { return []string{dyno(at, s.dyno(), "\n")} }

func object(s *Source, at time.Time) []string {
	return []string{dyno(at, s.dyno(), `{"level":"error","message":"`+s.mark()+`","time":1,"nested":{"a":[1,2.50]}}`+"\n")}
}

func priority(s *Source, at time.Time) []string {
	return []string{"<999>1 " + at.Format(timeLayout) + " host app " + s.dyno() + " - " + s.mark() + "\n"}
}

func timeless(s *Source, _ time.Time) []string {
	return []string{"<190>1 - host app " + s.dyno() + " - " + s.mark() + "\n"}
}

func unreadable(s *Source, at time.Time) []string {
	return []string{"<190>1 " + at.Format("2006-01-02T15:04:") + "60Z host app " + s.dyno() + " - " + s.mark() + "\n"}
}

// late returns a line that is up to five days old, so that its event does not fit into one call of PutLogEvents with new ones: those of a call may
// be 24 hours apart.
func late(s *Source, at time.Time) []string {
	return []string{dyno(at.Add(-time.Duration(1+s.rng.IntN(4))*30*time.Hour), s.dyno(), s.mark()+"\n")}
}

// old returns a line that is older than what CloudWatch Logs accepts.
func old(s *Source, at time.Time) []string {
	return []string{dyno(at.Add(-20*24*time.Hour), s.dyno(), s.mark()+"\n")}
}

// ahead returns a line of a clock that is a day ahead, which CloudWatch Logs does not accept either.
func ahead(s *Source, at time.Time) []string {
	return []string{dyno(at.Add(24*time.Hour), s.dyno(), s.mark()+"\n")}
}

// quoting returns a line that contains a whole frame.
func quoting(s *Source, at time.Time) []string {
	inner := dyno(at, "web.9", "inner "+s.mark()+"\n")
	return []string{dyno(at, s.dyno(), fmt.Sprintf("got %d %s", len(inner), inner))}
}
