package simulate

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/logplex"
)

// Subscription is a log drain of an app.
type Subscription struct {
	URL   string // with its password
	Token string // the Logplex-Drain-Token
}

// Logplex sends the lines of an app to its log drains as Heroku's does: every line goes to each of them, through one of several nodes, and none
// waits for another. While the app has no drain, its lines go nowhere.
type Logplex struct {
	source Source
	opts   Options

	mu       sync.Mutex
	wanted   []Subscription
	finished bool
	stop     context.CancelFunc // ends the making of lines; nil before Run
	changed  chan struct{}      // has an element if wanted has changed
	room     chan struct{}      // has an element if a buffer has become shorter

	nodes   map[Subscription][]*node
	running sync.WaitGroup
	rng     *rand.Rand
	chosen  int  // node that got the last line
	chunk   bool // whether the last line was a full chunk, which continues in the next
}

// NewLogplex returns the Logplex of an app whose lines source makes.
func NewLogplex(source Source, o Options) *Logplex {
	o.Nodes = max(o.Nodes, 1)
	if o.Ledger == nil {
		o.Ledger = &Ledger{discard: true}
	}
	if o.Report == nil {
		o.Report = func(Subscription, delivery.Result) {}
	}
	return &Logplex{
		source: source, opts: o, rng: rand.New(rand.NewPCG(1, uint64(o.Nodes))),
		changed: make(chan struct{}, 1), room: make(chan struct{}, 1), nodes: map[Subscription][]*node{},
	}
}

// Subscribe replaces the app's drains.
func (l *Logplex) Subscribe(drains []Subscription) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wanted = drains
	signal(l.changed)
}

// signal puts an element into a channel that has room for one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Finish makes Run make no more lines, and return once those that it made are delivered or dropped.
func (l *Logplex) Finish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.finished = true
	if l.stop != nil {
		l.stop()
	}
}

// Run makes and sends lines until ctx ends, or until all lines are delivered or dropped: those that the Options limit, or that were made before
// Finish. It returns when nothing is sent any more. It can be called once.
func (l *Logplex) Run(ctx context.Context) {
	defer l.running.Wait()
	making, stop := context.WithCancel(ctx)
	defer stop()
	l.mu.Lock()
	l.stop = stop
	if l.finished {
		stop()
	}
	l.mu.Unlock()
	if l.opts.Duration > 0 {
		defer time.AfterFunc(l.opts.Duration, stop).Stop()
	}
	l.make(ctx, making)
	for _, nodes := range l.nodes {
		for _, n := range nodes {
			n.finish()
		}
	}
	l.awaitSent(ctx)
}

// awaitSent waits until nothing is sent any more. Meanwhile, drains can still be removed.
func (l *Logplex) awaitSent(ctx context.Context) {
	sent := make(chan struct{})
	go func() { l.running.Wait(); close(sent) }()
	for {
		select {
		case <-sent:
			return
		case <-ctx.Done():
			<-sent
			return
		case <-l.changed:
			l.remove(l.subscriptions())
		}
	}
}

// make makes lines and puts them into the buffers until making ends. The nodes run until ctx ends.
func (l *Logplex) make(ctx, making context.Context) {
	var began, last time.Time
	for made := 0; l.opts.Lines == 0 || made < l.opts.Lines; made++ {
		if !l.awaitDrain(ctx, making) {
			return
		}
		if began.IsZero() {
			began = time.Now()
		}
		if !l.awaitTurn(ctx, making, began, made) {
			return
		}
		at := time.Now()
		if !at.After(last) {
			at = last.Add(time.Microsecond) // only the lines of one event, such as chunks, have the same time
		}
		last = at
		l.reconcile(ctx)
		l.deliver(l.source.Next(at), at)
	}
}

// awaitDrain waits until the app has a drain. It returns false if no more lines are wanted.
func (l *Logplex) awaitDrain(ctx, making context.Context) bool {
	l.reconcile(ctx)
	for len(l.nodes) == 0 && making.Err() == nil {
		select {
		case <-l.changed:
			signal(l.changed)
			l.reconcile(ctx)
		case <-making.Done():
		}
	}
	return making.Err() == nil
}

// awaitTurn waits until the next line is due, and chooses its node: with a rate, at its time, otherwise when there is room in the buffers. It
// returns false if no more lines are wanted.
func (l *Logplex) awaitTurn(ctx, making context.Context, began time.Time, made int) bool {
	if l.opts.Rate > 0 {
		if !l.chunk {
			l.chosen = l.rng.IntN(l.opts.Nodes)
		}
		due := began.Add(time.Duration(float64(made) / l.opts.Rate * float64(time.Second)))
		wait := time.Until(due)
		return wait <= 0 || clock.Sleep(making, wait) == nil
	}
	for !l.chooseEmptier() {
		select {
		case <-l.room:
		case <-l.changed:
			signal(l.changed)
			l.reconcile(ctx)
		case <-making.Done():
			return false
		}
	}
	return true
}

// chooseEmptier chooses a node whose buffers all have room, the one after the last if possible. It returns false if none has.
func (l *Logplex) chooseEmptier() bool {
	if l.chunk {
		return l.roomy(l.chosen)
	}
	for i := range l.opts.Nodes {
		number := (l.chosen + 1 + i) % l.opts.Nodes
		if l.roomy(number) {
			l.chosen = number
			return true
		}
	}
	return false
}

// roomy reports whether the buffers of a node have room, those of all drains.
func (l *Logplex) roomy(number int) bool {
	for _, nodes := range l.nodes {
		if nodes[number].full() {
			return false
		}
	}
	return true
}

// deliver puts a line into the buffers of the chosen node. The chunks of a long line go to the same one.
func (l *Logplex) deliver(raw []byte, at time.Time) {
	for d, nodes := range l.nodes {
		nodes[l.chosen].add(l.opts.Ledger.make(d.Token, l.chosen, l.opts.Mode.line(raw), at))
	}
	l.chunk = false
	if len(raw) > logplex.ChunkSize {
		line, ok := logplex.ParseLine(raw)
		l.chunk = ok && line.IsChunk()
	}
}

// subscriptions returns the drains that are wanted.
func (l *Logplex) subscriptions() map[Subscription]bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	wanted := map[Subscription]bool{}
	for _, d := range l.wanted {
		wanted[d] = true
	}
	return wanted
}

// reconcile starts and stops nodes if the drains have changed.
func (l *Logplex) reconcile(ctx context.Context) {
	select {
	case <-l.changed:
	default:
		return
	}
	wanted := l.subscriptions()
	l.remove(wanted)
	for d := range wanted {
		if _, runs := l.nodes[d]; !runs {
			l.start(ctx, d)
		}
	}
}

// remove stops the nodes of drains that are not wanted.
func (l *Logplex) remove(wanted map[Subscription]bool) {
	for d, nodes := range l.nodes {
		if wanted[d] {
			continue
		}
		for _, n := range nodes {
			close(n.removed)
		}
		delete(l.nodes, d)
	}
}

// start starts the nodes of a drain, unless it is one that takes no POSTs, such as syslog.
func (l *Logplex) start(ctx context.Context, d Subscription) {
	var nodes []*node
	for number := range l.opts.Nodes {
		n, err := newNode(d, number, l.opts, func() { signal(l.room) })
		if err != nil {
			return
		}
		nodes = append(nodes, n)
	}
	l.nodes[d] = nodes
	for _, n := range nodes {
		l.running.Go(func() { n.run(ctx, l.opts.Report) })
	}
}
