package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"heroku-drains/lib/logplex"
)

// corpus generates the lines of an app, the same ones for the same seed, in about the proportions of a busy web app. No alert rule matches them.
type corpus struct {
	rng  *rand.Rand
	time time.Time // of the next line
}

// noon is the time of the first line.
var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func newCorpus(seed uint64) *corpus { return &corpus{rng: rand.New(rand.NewPCG(seed, 1)), time: noon} }

// kinds are the kinds of lines, each with its share of all lines, in thousandths.
var kinds = []struct {
	share int
	line  func(*corpus) logplex.Line
}{
	{380, (*corpus).router},
	{260, (*corpus).plain},
	{120, (*corpus).colored},
	{160, (*corpus).structured},
	{40, (*corpus).memory},
	{38, (*corpus).postgres},
	{2, (*corpus).long},
}

// post returns the body of a POST of at most size bytes, and nearly as many, and the number of its lines.
func (c *corpus) post(size int) (body []byte, lines int) {
	for {
		l := c.next()
		message := logplex.AppendLine(nil, l)
		room := size - len(body)
		if len(message)+6 > room { // with its count and a space
			if room < 400 {
				return body, lines
			}
			continue // a shorter line may fit
		}
		body = logplex.AppendFrame(body, message)
		lines++
	}
}

// next returns the next line.
func (c *corpus) next() logplex.Line {
	c.time = c.time.Add(time.Duration(1+c.rng.IntN(4000)) * time.Microsecond)
	n := c.rng.IntN(1000)
	for _, k := range kinds {
		if n < k.share {
			return k.line(c)
		}
		n -= k.share
	}
	panic("the shares do not add up to 1000")
}

func (c *corpus) line(priority int, source, process, text string) logplex.Line {
	return logplex.Line{Priority: priority, Time: c.time, Source: []byte(source), Process: []byte(process), Message: []byte(text), Newline: true}
}

func (c *corpus) dyno(text string) logplex.Line {
	return c.line(logplex.PriorityDyno, "app", fmt.Sprintf("web.%d", 1+c.rng.IntN(4)), text)
}

func (c *corpus) between(low, high int) int { return low + c.rng.IntN(high-low+1) }

func (c *corpus) pick(texts ...string) string { return texts[c.rng.IntN(len(texts))] }

func (c *corpus) path() string {
	return c.pick("/", "/products", fmt.Sprintf("/products/%d", c.between(1, 99_999)), "/cart", "/assets/application.css", "/search?q=red+shoes&page=2")
}

func (c *corpus) uuid() string {
	a, b := c.rng.Uint64(), c.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0xfff, b&0xffff_ffff_ffff)
}

func (c *corpus) router() logplex.Line {
	return c.line(logplex.PriorityRouter, "heroku", "router", fmt.Sprintf("at=info method=GET path=%q host=shop.example.com request_id=%s fwd=\"203.0.113.%d\" "+
		"dyno=web.%d connect=%dms service=%dms status=200 bytes=%d protocol=http1.1 tls=true tls_version=tls1.3",
		c.path(), c.uuid(), c.between(1, 254), c.between(1, 4), c.between(0, 2), c.between(2, 480), c.between(120, 48_000)))
}

func (c *corpus) plain() logplex.Line {
	return c.dyno(c.pick(
		fmt.Sprintf("Started GET \"%s\" for 203.0.113.%d", c.path(), c.between(1, 254)),
		fmt.Sprintf("Completed 200 OK in %dms (Views: %.1fms | ActiveRecord: %.1fms)", c.between(5, 400), c.rng.Float64()*90, c.rng.Float64()*60),
		fmt.Sprintf("order %d paid, %d.%02d EUR by Jürgen Groß", c.between(10_000, 99_999), c.between(1, 300), c.between(0, 99))))
}

func (c *corpus) colored() logplex.Line {
	return c.dyno(fmt.Sprintf("\x1b[1m\x1b[36mProduct Load (%.1fms)\x1b[0m  \x1b[1m\x1b[34mSELECT \"products\".* FROM \"products\" WHERE \"products\".\"id\" = $1 LIMIT $2\x1b[0m  "+
		"[[\"id\", %d], [\"LIMIT\", 1]]", c.rng.Float64()*9, c.between(1, 99_999)))
}

func (c *corpus) structured() logplex.Line {
	return c.dyno(fmt.Sprintf(`{"level":"info","msg":"request handled","path":%q,"status":%d,"duration_ms":%.2f,"request_id":%q,"user":{"id":%d,"plan":%q},"cached":%t}`,
		c.path(), c.between(200, 204), c.rng.Float64()*300, c.uuid(), c.between(1, 9999), c.pick("free", "pro"), c.rng.IntN(2) == 0))
}

func (c *corpus) memory() logplex.Line {
	web := c.between(1, 4)
	return c.line(45, "heroku", fmt.Sprintf("web.%d", web), fmt.Sprintf("source=web.%d dyno=heroku.31415926.9f2d33a4-6c7c-4c1e-8a58-2c7a2d8a0b11 sample#memory_total=%d.10MB "+
		"sample#memory_rss=%d.40MB sample#memory_cache=3.90MB sample#memory_swap=0.00MB sample#memory_pgpgin=%dpages sample#memory_pgpgout=%dpages sample#memory_quota=512.00MB",
		web, c.between(200, 300), c.between(200, 300), c.between(1000, 90_000), c.between(1000, 90_000)))
}

func (c *corpus) postgres() logplex.Line {
	l := c.line(134, "app", "heroku-postgres", fmt.Sprintf("source=DATABASE addon=postgresql-cubed-12345 sample#current_transaction=%d "+
		"sample#db_size=%dbytes sample#tables=13 sample#active-connections=%d sample#waiting-connections=0 sample#index-cache-hit-rate=0.99723 "+
		"sample#table-cache-hit-rate=0.99118 sample#load-avg-1m=0.14 sample#read-iops=0.1037 sample#write-iops=1.51 sample#memory-total=4046872kB "+
		"sample#memory-free=%dkB sample#memory-cached=2714432kB sample#memory-postgres=%dkB",
		c.between(1000, 9999), c.between(20_000_000, 30_000_000), c.between(5, 20), c.between(100_000, 200_000), c.between(100_000, 200_000)))
	l.Newline = false
	return l
}

// long returns a line of 10,000 bytes, the first chunk of which Heroku could make two.
func (c *corpus) long() logplex.Line {
	var b strings.Builder
	for b.Len() < 10_000 {
		fmt.Fprintf(&b, "parameter_%d=%s&", c.between(1, 999), c.uuid())
	}
	return c.dyno(b.String()[:10_000-1]) // with its newline
}
