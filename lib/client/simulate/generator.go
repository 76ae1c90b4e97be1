package simulate

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Generator generates the log lines of an imaginary app: those of the router, its dynos, its add-ons and the platform, in about the
// proportions of a small web app. For the same app and seed, it generates the same lines except for their times, and the same batches of a
// given size. It is not safe for concurrent use.
type Generator struct {
	app     string
	token   string
	rng     *rand.Rand
	batches *rand.Rand // of its own, so that the lines do not depend on how they are batched, which may depend on the clock
	kinds   []kind
	weights int
	dynoIDs []string // a UUID for each web dyno, as in log-runtime-metrics
	pending [][]byte // lines of the last event that Next has not returned yet
}

// kind is a kind of event in an app, with its frequency relative to the other kinds. An event has one or more lines.
type kind struct {
	weight int
	make   func(g *Generator, at time.Time) [][]byte
}

// webDynos is how many web dynos the imaginary app runs.
const webDynos = 2

// New returns a Generator for an app.
func New(app string, seed uint64) *Generator {
	hash := fnv.New64a()
	hash.Write([]byte(app)) // never fails
	g := &Generator{
		app:     app,
		rng:     rand.New(rand.NewPCG(seed, hash.Sum64())),
		batches: rand.New(rand.NewPCG(hash.Sum64(), seed)),
	}
	g.Use(Everything)
	g.token = "d." + g.uuid()
	for range webDynos {
		g.dynoIDs = append(g.dynoIDs, g.uuid())
	}
	return g
}

// Token returns the token of the imaginary drain: "d." and a UUID.
func (g *Generator) Token() string { return g.token }

// Next returns the next line: a syslog message of little more than 10,000 bytes at most. Its time is at, unless it belongs to the same event as
// the line before: then its time is microseconds later than that line's, or the same if they are chunks of one long line.
func (g *Generator) Next(at time.Time) []byte {
	next := g.peek(at)
	g.pending = g.pending[1:]
	return next
}

func (g *Generator) peek(at time.Time) []byte {
	if len(g.pending) == 0 {
		g.pending = g.pickKind().make(g, at)
	}
	return g.pending[0]
}

// pickKind returns a random kind, according to the weights.
func (g *Generator) pickKind() kind {
	n := g.rng.IntN(g.weights)
	for _, k := range g.kinds {
		if n < k.weight {
			return k
		}
		n -= k.weight
	}
	panic("simulate: the weights do not add up")
}

// pick returns one of the texts.
func (g *Generator) pick(texts ...string) string { return texts[g.rng.IntN(len(texts))] }

// between returns a number from low to high, inclusive.
func (g *Generator) between(low, high int) int { return low + g.rng.IntN(high-low+1) }

// web returns the number of a web dyno, from 1.
func (g *Generator) web() int { return g.between(1, webDynos) }

// fill returns text with each question mark replaced by a digit.
func (g *Generator) fill(text string) string {
	filled := []byte(text)
	for i, c := range filled {
		if c == '?' {
			filled[i] = byte('0' + g.rng.IntN(10))
		}
	}
	return string(filled)
}

func (g *Generator) webProcess() string { return fmt.Sprintf("web.%d", g.web()) }

func (g *Generator) uuid() string {
	a, b := g.rng.Uint64(), g.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0xfff, b&0xffff_ffff_ffff)
}

// single returns the lines of an event that has only one.
func single(message []byte) [][]byte { return [][]byte{message} }
