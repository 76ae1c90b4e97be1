package simulate

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/clock"
)

// maxWaiting is how many batches wait for a drain that is slow to respond. Logplex, too, drops lines once a drain's buffer is full.
const maxWaiting = 64

// Subscription is a log drain of an app.
type Subscription struct {
	URL   string // with its password
	Token string // the Logplex-Drain-Token
}

// Logplex sends the lines of an imaginary app to its log drains, as Heroku's does: every line goes to each of them, and none waits for another.
// While the app has no drain, its lines go nowhere.
type Logplex struct {
	generator *Generator
	rate      float64 // lines per second
	report    func(Subscription, delivery.Result)

	mu      sync.Mutex
	wanted  []Subscription
	changed chan struct{} // has an element if wanted has changed
	senders map[Subscription]sender
	running sync.WaitGroup
}

// sender is what runs for a drain.
type sender struct {
	batches chan delivery.Batch
	dropped *atomic.Int64 // lines that batches could not take, and that the drain has not been told of
	removed chan struct{} // closed when the drain is no longer wanted
}

// NewLogplex returns the Logplex of an app that generates so many lines per second. It calls report for each batch, from several goroutines.
func NewLogplex(g *Generator, rate float64, report func(Subscription, delivery.Result)) *Logplex {
	return &Logplex{generator: g, rate: rate, report: report, changed: make(chan struct{}, 1), senders: map[Subscription]sender{}}
}

// Subscribe replaces the app's drains.
func (l *Logplex) Subscribe(drains []Subscription) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wanted = drains
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// Run sends lines until ctx ends. It returns when nothing is sent any more.
func (l *Logplex) Run(ctx context.Context) {
	defer l.running.Wait()
	interval := time.Duration(float64(time.Second) / l.rate)
	for ctx.Err() == nil {
		if len(l.senders) == 0 {
			select {
			case <-l.changed:
			case <-ctx.Done():
				return
			}
			l.reconcile(ctx)
			continue
		}
		batch := l.generator.Batch(time.Now(), 1, delivery.MaxBytes)
		for _, s := range l.senders {
			select {
			case s.batches <- batch:
			default: // the drain's buffer is full
				s.dropped.Add(int64(len(batch.Messages)))
			}
		}
		_ = clock.Sleep(ctx, interval) // if it ends early, so does the loop
		l.reconcile(ctx)
	}
}

// reconcile starts and stops senders, so that there is one for each wanted drain.
func (l *Logplex) reconcile(ctx context.Context) {
	l.mu.Lock()
	wanted := map[Subscription]bool{}
	for _, d := range l.wanted {
		wanted[d] = true
	}
	l.mu.Unlock()
	for d, s := range l.senders {
		if !wanted[d] {
			close(s.removed)
			delete(l.senders, d)
		}
	}
	for d := range wanted {
		if _, runs := l.senders[d]; runs {
			continue
		}
		post, err := delivery.NewSender(d.URL, d.Token)
		if err != nil {
			continue // not a drain that takes POSTs, such as syslog
		}
		s := sender{batches: make(chan delivery.Batch, maxWaiting), dropped: new(atomic.Int64), removed: make(chan struct{})}
		l.senders[d] = s
		l.running.Go(func() { l.send(ctx, post, d, s) })
	}
}

// send sends a drain's batches until it is removed. A batch that is on its way then is not cut off.
func (l *Logplex) send(ctx context.Context, post *delivery.Sender, d Subscription, s sender) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.removed:
			return
		case b := <-s.batches:
			select {
			case <-s.removed: // at the same time
				return
			default:
			}
			post.Drop(int(s.dropped.Swap(0)))
			r, err := post.Send(ctx, b)
			if err != nil { // ctx has ended
				return
			}
			l.report(d, r)
		}
	}
}
