package simulate

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"heroku-drains/lib/client/delivery"
)

// sender is the Poster of a node: a *delivery.Sender or, in space mode, a *delivery.Shuttle.
type sender interface {
	Poster
	Drop(lines int)
	DialWith(delivery.DialFunc)
	Close()
}

// node delivers to one drain what one Logplex node has of an app's lines, one POST at a time.
type node struct {
	drain  Subscription
	number int
	post   sender
	ledger *Ledger
	room   func() // called when the buffer has become shorter

	filled  chan struct{} // has an element if lines were added
	removed chan struct{} // closed when the drain is removed

	mu       sync.Mutex
	buffer   buffer
	lost     int       // lines displaced since the last batch was taken
	lastGood time.Time // of the last success; zero before the first
	flight   []*Entry  // lines of the batch that is being sent
	frameID  string
	ended    bool // no more lines will be added
	batches  int
}

// newNode returns a node that does not run yet.
func newNode(d Subscription, number int, o Options, room func()) (*node, error) {
	n := &node{
		drain: d, number: number, ledger: o.Ledger, room: room, filled: make(chan struct{}, 1), removed: make(chan struct{}),
		buffer: newBuffer(o.Mode),
	}
	if o.Mode == Space {
		post, err := delivery.NewShuttle(d.URL)
		if err != nil {
			return nil, err
		}
		post.Timeout = cmp.Or(o.Timeout, post.Timeout)
		post.After, post.Crowded = n.tried, n.crowded
		n.post = post
	} else {
		post, err := delivery.NewSender(d.URL, d.Token)
		if err != nil {
			return nil, err
		}
		post.Timeout = cmp.Or(o.Timeout, post.Timeout)
		post.After, post.AwaitConnection = n.tried, !o.DropUnreachable
		n.post = post
	}
	if o.Dial != nil {
		n.post.DialWith(o.Dial)
	}
	return n, nil
}

// add puts a line into the buffer.
func (n *node) add(e *Entry) {
	n.mu.Lock()
	n.displace(n.buffer.add(e), Overflow)
	n.mu.Unlock()
	signal(n.filled)
}

// displace drops lines that the buffer does not take. n.mu is locked.
func (n *node) displace(lines []*Entry, why Reason) {
	n.lost += len(lines)
	n.ledger.end(lines, Dropped, why)
}

// crowded reports whether log-shuttle gives up a batch that failed, because so many lines wait.
func (n *node) crowded() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.buffer.lines) >= shuttleCrowd
}

func (n *node) full() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.buffer.full()
}

// finish makes run return once the buffer is empty.
func (n *node) finish() {
	n.mu.Lock()
	n.ended = true
	n.mu.Unlock()
	signal(n.filled)
}

// next waits for lines and takes a batch. It returns false when there will be none any more.
func (n *node) next(ctx context.Context) (delivery.Batch, bool) {
	for !n.gone() {
		b, wait, ended := n.take()
		if len(b.Messages) > 0 || ended {
			return b, len(b.Messages) > 0
		}
		var due <-chan time.Time
		if wait > 0 {
			due = time.After(wait)
		}
		select {
		case <-ctx.Done():
			return delivery.Batch{}, false
		case <-n.removed:
		case <-n.filled:
		case <-due:
		}
	}
	return delivery.Batch{}, false
}

// take takes a batch out of the buffer if it has lines. Otherwise it says how long to wait if more lines are waited for, and whether there will be
// none any more.
func (n *node) take() (b delivery.Batch, wait time.Duration, ended bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if wait := n.buffer.due(time.Now()); wait > 0 && !n.ended {
		return b, wait, false
	}
	n.flight = n.buffer.take()
	if len(n.flight) == 0 {
		return b, 0, n.ended
	}
	n.batches++
	b.FrameID = delivery.FrameID(fmt.Sprintf("%s %d %d %d", n.drain.Token, n.number, time.Now().UnixNano(), n.batches))
	n.frameID = b.FrameID
	for _, e := range n.flight {
		b.Messages = append(b.Messages, e.Raw)
	}
	n.ledger.send(n.flight, b.FrameID)
	n.post.Drop(n.lost)
	n.lost = 0
	return b, 0, false
}

// run sends batches until ctx ends, the drain is removed, or everything is sent after finish. A batch that is on its way when the drain is removed
// is not cut off.
func (n *node) run(ctx context.Context, report func(Subscription, delivery.Result)) {
	defer n.post.Close()
	for !n.gone() {
		b, ok := n.next(ctx)
		if !ok {
			break
		}
		n.room()
		r, err := n.post.Send(ctx, b)
		outcome, why := outcomeOf(r, err)
		n.ledger.end(n.flight, outcome, why)
		if err != nil {
			return
		}
		report(n.drain, r)
	}
	if n.gone() {
		n.mu.Lock()
		n.ledger.end(n.buffer.resize(0), Dropped, Unsubscribed)
		n.mu.Unlock()
	}
}

func (n *node) gone() bool {
	select {
	case <-n.removed:
		return true
	default:
		return false
	}
}

// tried is called after each try.
func (n *node) tried(t delivery.Try) {
	n.ledger.tried(n.drain, n.number, n.frameID, n.flight, t)
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.buffer.mode == Space: // log-shuttle's buffers have one size
	case t.Delivered():
		n.lastGood = time.Now()
		n.displace(n.buffer.resize(BufferLines), Overflow)
	case !n.lastGood.IsZero() && time.Since(n.lastGood) > shrinkAfter:
		n.displace(n.buffer.resize(ShrunkLines), Shrunk)
	}
}
