package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// calls counts the calls that the functions make, by function and operation. A line that is stored twice although its POST was answered at once was sent twice
// by one of them: they repeat a call that has not been answered in time.
type calls struct {
	mu     sync.Mutex
	counts map[string]int
}

// count counts a call.
func (c *calls) count(call awslocal.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	if function, ours := strings.CutPrefix(call.AccessKeyID, stack.LocalDrainsFunction); ours {
		c.counts[cmp.Or(strings.TrimPrefix(function, "-"), "drains")+" "+call.Operation]++
	}
}

// String returns the counts, such as "drains SendMessage 900, storage PutLogEvents 1200".
func (c *calls) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var counts []string
	for _, operation := range slices.Sorted(maps.Keys(c.counts)) {
		counts = append(counts, fmt.Sprintf("%s %d", operation, c.counts[operation]))
	}
	return strings.Join(counts, ", ")
}
