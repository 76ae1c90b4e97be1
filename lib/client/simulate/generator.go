package simulate

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Generator makes the log lines of one imaginary app: the router's, its dynos', its add-ons' and the platform's own, in about the
// proportions of a small web app. The same app and seed make the same lines, save for their times, and the same batches of one size, to
// the byte. It is not safe for concurrent use.
type Generator struct {
	app     string
	token   string
	rng     *rand.Rand
	cuts    *rand.Rand // of batches: how lines are cut into these, which may depend on the clock, changes no line
	kinds   []kind
	weights int
	dynoIDs []string // one UUID per web dyno, as log-runtime-metrics names them
	pending [][]byte // lines of a happening that have not been taken yet
}

// kind is something that happens in an app, and how often compared with the other kinds. It makes one line or several.
type kind struct {
	weight int
	make   func(g *Generator, at time.Time) [][]byte
}

// webDynos is how many web dynos the imaginary app runs.
const webDynos = 2

// New returns the generator of an app's traffic.
func New(app string, seed uint64) *Generator {
	hash := fnv.New64a()
	hash.Write([]byte(app)) // never fails
	g := &Generator{
		app: app, kinds: kinds(),
		rng:  rand.New(rand.NewPCG(seed, hash.Sum64())),
		cuts: rand.New(rand.NewPCG(hash.Sum64(), seed)),
	}
	for _, k := range g.kinds {
		g.weights += k.weight
	}
	g.token = "d." + g.uuid()
	for range webDynos {
		g.dynoIDs = append(g.dynoIDs, g.uuid())
	}
	return g
}

func kinds() []kind {
	return []kind{
		{300, routed}, {20, routedError},
		{200, plain}, {60, coloured}, {50, international}, {80, jsonLine}, {30, stackTrace}, {1, longLine},
		{12, dynoState}, {6, dynoError}, {6, release}, {30, runtimeMetrics},
		{12, postgres}, {5, slowQuery}, {12, redis},
		{2, ownOverflow}, {2, otherOverflow},
	}
}

// Token is the drain token of the imaginary drain: "d." and a UUID, the same for the generator's life.
func (g *Generator) Token() string { return g.token }

// Next makes the next line: a syslog message of at most a little over 10,000 bytes, without its octet count. Its time is at,
// save that lines that belong together follow each other by microseconds, or share one time where log-shuttle cut one line.
func (g *Generator) Next(at time.Time) []byte {
	next := g.peek(at)
	g.pending = g.pending[1:]
	return next
}

func (g *Generator) peek(at time.Time) []byte {
	if len(g.pending) == 0 {
		g.pending = g.happening().make(g, at)
	}
	return g.pending[0]
}

func (g *Generator) happening() kind {
	n := g.rng.IntN(g.weights)
	for _, k := range g.kinds {
		if n < k.weight {
			return k
		}
		n -= k.weight
	}
	panic("simulate: the weights do not add up")
}

// pick is one of several texts.
func (g *Generator) pick(texts ...string) string { return texts[g.rng.IntN(len(texts))] }

// between is a number from low to high, both included.
func (g *Generator) between(low, high int) int { return low + g.rng.IntN(high-low+1) }

// web is the number of a web dyno, from 1.
func (g *Generator) web() int { return g.between(1, webDynos) }

// fill is a text with a digit for each question mark.
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

// one is a happening of a single line.
func one(message []byte) [][]byte { return [][]byte{message} }
