package simulate_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 123_456_000, time.UTC)

// line matches the header and the text of a line of Heroku's.
var line = regexp.MustCompile(`(?s)^<(\d+)>1 (\S+) host (\S+) (\S+) - (.*)$`)

func lines(g *simulate.Generator, n int) []string {
	var all []string
	for i := range n {
		all = append(all, string(g.Next(noon.Add(time.Duration(i)*time.Millisecond))))
	}
	return all
}

func TestTheSameSeedMakesTheSameLines(t *testing.T) {
	first, again := lines(simulate.New("shop", 7), 500), lines(simulate.New("shop", 7), 500)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("two generators with the same seed differ:\n%s", diff)
	}
	for name, other := range map[string]*simulate.Generator{"seed": simulate.New("shop", 8), "app": simulate.New("blog", 7)} {
		if other.Token() == simulate.New("shop", 7).Token() || cmp.Equal(first, lines(other, 500)) {
			t.Errorf("a different %s results in the same token or lines", name)
		}
	}
}

func TestEveryLineIsValidForLogplex(t *testing.T) {
	for _, message := range lines(simulate.New("shop", 1), 20_000) {
		fields := line.FindStringSubmatch(message)
		if fields == nil {
			t.Fatalf("not a line of Heroku's: %q", message)
		}
		if _, err := time.Parse(time.RFC3339Nano, fields[2]); err != nil {
			t.Errorf("time of %q: %v", message, err)
		}
		if len(message) > 10_240 {
			t.Errorf("%d bytes: Logplex rejects messages of more than 10,240", len(message))
		}
	}
}

func TestEveryKindOfLineOccurs(t *testing.T) {
	kinds := map[string]string{
		"router":                    `^<158>1 \S+\.\d+\+00:00 host heroku router - at=info method=\w+ path="/\S*" host=shop\.example\.com .* dyno=web\.\d .*\n$`,
		"router with a quoted path": `path="/search\?q=\\"teapot\\" status=418"`,
		"router 2.0":                `protocol=http2\.0 tls=true`,
		"H12":                       `- at=error code=H12 desc="Request timeout" .*service=30000ms status=503`,
		"H10, empty fields":         `code=H10 .* dyno= connect= service= status=503 bytes= `,
		"H27":                       `- sock=client at=warning code=H27`,
		"plain":                     `^<190>1 \S+ host app web\.\d - user \d+ signed in\n$`,
		"empty":                     `^<190>1 \S+ host app web\.\d - \n$`,
		"worker":                    `host app worker\.1 - job=`,
		"ANSI":                      "\x1b\\[36m",
		"UTF-8":                     `Jürgen`,
		"four-byte UTF-8":           `🚚`,
		"JSON":                      `(?s)^<190>1 \S+ host app web\.\d - \{"level":.*\}\n$`,
		"stack trace":               `cart.*\.erb:\d+:in`,
		"chunk":                     `body=größer`,
		"state":                     `^<45>1 \S+ host heroku web\.\d - State changed from starting to up\n$`,
		"R14":                       `^<45>1 \S+ host heroku web\.\d - Error R14 \(Memory quota exceeded\)\n$`,
		"release":                   `host app api - Release v\d+ created by`,
		"load":                      `host heroku web\.\d - source=web\.\d dyno=heroku\.shop\.[0-9a-f-]{36} sample#load_avg_1m=\d\.\d\d `,
		"memory":                    `sample#memory_total=\d+\.\d\dMB .*sample#memory_quota=512\.00MB\n$`,
		"postgres, no newline":      `^<134>1 \S+:\d\d\+00:00 host app heroku-postgres - source=DATABASE .* sample#wal-percentage-used=0\.\d+$`,
		"newlines in a message":     `(?s)host app postgres\.\d+ - \[DATABASE\].*SELECT \*\n\tFROM`,
		"redis, no newline":         `^<134>1 \S+:\d\d\+00:00 host app heroku-redis - source=REDIS addon=.* sample#evicted-keys=0$`,
	}
	all := lines(simulate.New("shop", 1), 20_000)
	for name, pattern := range kinds {
		found := func(message string) bool { return regexp.MustCompile(pattern).MatchString(message) }
		if !anyOf(all, found) {
			t.Errorf("%s: no line matches %s", name, pattern)
		}
	}
}

// A line about lost lines would make the ledger count what nobody lost. Logplex adds those about what it has really lost.
func TestNoLineReportsALoss(t *testing.T) {
	for _, message := range lines(simulate.New("shop", 1), 20_000) {
		if strings.Contains(message, "Error L1") {
			t.Errorf("%s", message)
		}
	}
}

func anyOf(all []string, match func(string) bool) bool {
	for _, message := range all {
		if match(message) {
			return true
		}
	}
	return false
}

func TestChunksOfALongLineHaveTheSameTime(t *testing.T) {
	g := simulate.New("shop", 1)
	var text, at string
	chunks, splitRune := 0, false
	for n := 0; chunks == 0 || !strings.HasSuffix(text, "\n"); n++ {
		if n == 20_000 {
			t.Fatal("no long line in 20,000 lines")
		}
		fields := line.FindStringSubmatch(string(g.Next(noon)))
		if chunks == 0 && !strings.HasPrefix(fields[5], "body=") {
			continue
		}
		if chunks == 0 {
			at = fields[2]
		}
		if fields[2] != at {
			t.Errorf("chunk %d has the time %s, the first %s", chunks, fields[2], at)
		}
		if !strings.HasSuffix(fields[5], "\n") && len(fields[5]) != 10_000 {
			t.Errorf("chunk %d has %d bytes, not 10,000", chunks, len(fields[5]))
		}
		splitRune = splitRune || !utf8.ValidString(fields[5])
		text += fields[5]
		chunks++
	}
	if chunks < 2 || !utf8.ValidString(text) {
		t.Errorf("%d chunks, valid UTF-8 together: %t", chunks, utf8.ValidString(text))
	}
	if !splitRune {
		t.Error("no chunk ends inside a character")
	}
}

func TestBatchLimits(t *testing.T) {
	for _, size := range []int{1, 200, 5_000, delivery.MaxBytes, 10 * delivery.MaxBytes} {
		g := simulate.New("shop", 3)
		for range 50 {
			b := g.Batch(noon, delivery.MaxLines, size)
			if len(b.Messages) == 0 || len(b.Messages) > delivery.MaxLines {
				t.Fatalf("size %d: %d lines", size, len(b.Messages))
			}
			if n := framed(b.Messages); n > min(size, delivery.MaxBytes) && len(b.Messages) > 1 {
				t.Errorf("size %d: %d bytes in %d lines", size, n, len(b.Messages))
			}
		}
	}
	if b := simulate.New("shop", 3).Batch(noon, 7, delivery.MaxBytes); len(b.Messages) != 7 {
		t.Errorf("%d lines, want 7", len(b.Messages))
	}
	if b := simulate.New("shop", 3).Batch(noon, delivery.MaxLines, delivery.MaxBytes); framed(b.Messages) < delivery.MaxBytes*8/10 {
		t.Errorf("the largest batch has only %d bytes", framed(b.Messages))
	}
}

// framed returns the size of a body with the messages: for each its count, a space and itself.
func framed(messages [][]byte) int {
	n := 0
	for _, m := range messages {
		n += len(strconv.Itoa(len(m))) + 1 + len(m)
	}
	return n
}
