package simulate

import "time"

// Mix is what kinds of lines a Generator generates.
type Mix int

const (
	Everything Mix = iota // all kinds, a few errors among them
	Calm                  // an app without a problem: no alert rule matches its lines
	Timeouts              // requests that fail with H12, between others that do not
)

// Use changes what the Generator generates from the next event on.
func (g *Generator) Use(m Mix) {
	switch m {
	case Calm:
		g.kinds = calmKinds()
	case Timeouts:
		g.kinds = []kind{{3, timedOut}, {1, routed}}
	default:
		g.kinds = kinds()
	}
	g.weights = 0
	for _, k := range g.kinds {
		g.weights += k.weight
	}
}

// kinds are all kinds of lines, but for those that report lost lines: only the Logplex that sends the lines knows what it lost.
func kinds() []kind {
	return []kind{
		{300, routed}, {20, routedError},
		{200, plain}, {60, colored}, {50, international}, {80, jsonLine}, {30, stackTrace}, {1, longLine},
		{12, dynoState}, {6, dynoError}, {6, release}, {30, runtimeMetrics},
		{12, postgres}, {5, slowQuery}, {12, redis},
	}
}

func calmKinds() []kind {
	return []kind{{300, routed}, {200, plain}, {60, colored}, {50, international}, {80, jsonLine}, {30, runtimeMetrics}, {12, postgres}, {12, redis}}
}

// timedOut generates the line of a request that the app did not answer within 30 seconds, mostly of a path that is slow.
func timedOut(g *Generator, at time.Time) [][]byte {
	return single(failed(g, at, "H12", "Request timeout", g.webProcess(), "connect=1ms service=30000ms status=503 bytes=0"))
}
