package main

import (
	"context"
	"fmt"
	"runtime/debug"

	"heroku-drains/lib/lambda/memory"
)

// call does a path once: from the bytes of an event to those of the requests to AWS.
type call func(context.Context) error

// post is the body of a POST of Logplex.
type post struct {
	body  []byte
	lines int
}

// path is a path for POSTs of one size.
type path struct {
	name  string
	size  int // of a POST, in KB
	posts int // of an event
	lines int // of all POSTs
	ways  []way
}

// String returns the path's name and the size of a POST.
func (p path) String() string { return fmt.Sprintf("%s %d KB", p.name, p.size) }

// The ways of every path.
const (
	usual   = iota
	copied  // only copies the event
	scanned // only looks at each byte of the event
	ours
)

// way is one way to do a path.
type way struct {
	name string
	make func() (call, error)
	gc   int // GOGC, in percent; 0: Go's default of 100
}

// collect makes the garbage collector work as in the way's function, until back is called.
func (w way) collect() (back func()) {
	if w.gc == 0 {
		return func() {}
	}
	before := debug.SetGCPercent(w.gc)
	return func() { debug.SetGCPercent(before) }
}

// batchSize is how many POSTs the storage function gets at a time, the default.
const batchSize = 10

// sizes are the sizes of POSTs in KB: of a full buffer of Logplex, of a busy app and of a quiet one.
var sizes = []int{100, 10, 1}

// paths returns all paths, for POSTs of these sizes.
func paths(sizes []int) []path {
	var all []path
	for _, format := range []string{"text", "json"} {
		for _, size := range sizes {
			posts, lines := generate(size, batchSize)
			all = append(all, path{name: "storage " + format, size: size, posts: batchSize, lines: lines, ways: ways(
				usualEvent(posts),
				func() (call, error) { return usualStorage(newWire(format), posts) },
				func() (call, error) { return ourStorage(newWire(format), posts) },
			)})
		}
	}
	for _, size := range sizes {
		posts, lines := generate(size, 1)
		all = append(all, path{name: "ingest", size: size, posts: 1, lines: lines, ways: ways(
			gatewayEvent(posts[0].body, lines),
			func() (call, error) { return usualIngest(newWire(""), posts[0]) },
			func() (call, error) { return ourIngest(newWire(""), posts[0]) },
		)})
	}
	return all
}

func ways(payload []byte, asUsual, asHere func() (call, error)) []way {
	return []way{
		usual:   {name: "usual", make: asUsual},
		copied:  {name: "copy", make: func() (call, error) { return copying(payload), nil }},
		scanned: {name: "scan", make: func() (call, error) { return scanning(payload), nil }},
		ours:    {name: "this", make: asHere, gc: memory.GCPercent},
	}
}

// generate returns n POSTs of a size in KB, and the number of their lines.
func generate(size, n int) (posts []post, lines int) {
	c := newCorpus(uint64(size))
	for range n {
		body, count := c.post(size * 1000)
		posts = append(posts, post{body, count})
		lines += count
	}
	return posts, lines
}
