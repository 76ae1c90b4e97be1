// Package claims keeps in DynamoDB which messages are being stored and which are stored, so that all instances of the storage function know it.
//
// A message is claimed before its lines are put, and marked afterwards. There is one item for all copies of a message: those that SQS delivers
// again, and those that Logplex sent again, which are messages of their own. The item says who has claimed it, until when, and what is stored of
// it. Each write has the condition that nobody else has written the item since it was read, so of several claims one succeeds.
package claims

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heroku-drains/lib/awscall/itemcall"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/stack"
)

const (
	// Lease is how long a claim keeps others away: until its invocation has surely ended, with some seconds for clocks that differ. It is far less
	// than the time after which SQS delivers a message again.
	Lease = stack.StorageTimeout + 15*time.Second

	// Kept is how long a copy is recognized. Logplex sends one within seconds, and the tries of a message take half an hour by default.
	Kept = 24 * time.Hour

	// patience is how long Claim waits for another invocation that seems to be storing the same message: several tries of a put that is throttled.
	// look is the time between two looks.
	patience = 5 * time.Second
	look     = 500 * time.Millisecond

	// maxWrites limits the writes of a claim that others change again and again.
	maxWrites = 20
)

// ErrBusy means that another invocation has claimed a copy of the message and may still be storing it.
var ErrBusy = errors.New("another invocation is storing a copy of the message")

// ErrTaken means that the lease of a claim has expired, and that somebody else has claimed the message since.
var ErrTaken = errors.New("another invocation has claimed the message meanwhile")

// DynamoDB is what a Table calls: *itemcall.Client.
type DynamoDB interface {
	Put(context.Context, itemcall.Put) error
}

// Config configures a Table.
type Config struct {
	DB   DynamoDB
	Name string           // of the table, or its ARN
	Now  func() time.Time // nil: time.Now
	Wait func(context.Context, time.Duration) error
	// LastTry is the delivery of a message from which on it is claimed even if another copy of it still seems to be claimed, so that it does not
	// become a dead letter.
	LastTry int
}

// Table is the table of claims. It is safe for concurrent use.
type Table struct{ cfg Config }

// New returns a Table.
func New(cfg Config) *Table {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Wait == nil {
		cfg.Wait = clock.Sleep
	}
	return &Table{cfg: cfg}
}

// Message is a message as SQS delivers it.
type Message struct {
	Key      string // what its copies have in common
	ID       string // SQS's message ID
	Receives int    // how often SQS has delivered it, from 1
}

// Stored is what is stored of a message.
type Stored struct {
	Whole bool
	Parts []byte // what else is known of its parts; the caller defines it
}

// Claim is a claim of a message by this invocation. It must not be used by several goroutines at once.
type Claim struct {
	table *Table
	item  item
}

// Claim claims a message, and returns what is stored of it already. If done reports true for that, there is nothing to claim, and the claim is
// nil. The error is ErrBusy, or DynamoDB's.
//
// A message that SQS delivers again is claimed even if the lease of its earlier delivery has not expired: that invocation was killed, or has given
// it back. But SQS may also deliver a message twice at the same time, so Claim first waits 5 seconds for the other one to be marked.
func (t *Table) Claim(ctx context.Context, m Message, done func(Stored) bool) (*Claim, Stored, error) {
	next := item{key: m.Key, owner: m.ID, receives: m.Receives}
	waited := time.Duration(0)
	var seen *item // the item that the next write replaces
	for range maxWrites {
		next.stored = Stored{}
		if seen != nil {
			next.stored = seen.stored
		}
		now := t.cfg.Now()
		next.until, next.expires = now.Add(Lease), now.Add(Kept)
		found, err := t.write(ctx, &next, seen)
		if err != nil {
			return nil, Stored{}, fmt.Errorf("claim a message: %w", err)
		}
		if found == nil {
			return &Claim{table: t, item: next}, next.stored, nil
		}
		switch now := t.cfg.Now(); {
		case found.key == "": // it was deleted, after it had expired
			seen = nil
		case !now.Before(found.expires): // DynamoDB deletes within a few days
			found.stored = Stored{}
			seen = found
		case done(found.stored):
			return nil, found.stored, nil
		case !now.Before(found.until):
			seen = found
		case m.Receives < t.cfg.LastTry && (found.owner != m.ID || m.Receives <= found.receives):
			return nil, Stored{}, ErrBusy
		case waited >= patience:
			seen = found
		default:
			if err := t.cfg.Wait(ctx, look); err != nil {
				return nil, Stored{}, fmt.Errorf("wait for another claim of a message: %w", err)
			}
			waited += look
			seen = nil
		}
	}
	return nil, Stored{}, ErrBusy
}

// Mark says what is stored of the message now. If it is all, the claim ends. After ErrTaken, what is stored is not noted.
func (c *Claim) Mark(ctx context.Context, stored Stored) error {
	next := c.item
	next.stored = stored
	if stored.Whole {
		next.until = time.Time{}
	}
	next.expires = c.table.cfg.Now().Add(Kept)
	switch found, err := c.table.write(ctx, &next, &c.item); {
	case err != nil:
		return fmt.Errorf("mark a message as stored: %w", err)
	case found != nil:
		return ErrTaken
	}
	c.item = next
	return nil
}
