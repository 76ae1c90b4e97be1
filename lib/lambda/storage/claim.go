package storage

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/lambda/claims"
	"heroku-drains/lib/lambda/payload"
	"heroku-drains/lib/ledger"
)

// With a table of claims, messages are opened and claimed in groups of at most maxGroup, and about groupBytes of lines, so that a group's claims are
// made at the same time and the memory for the opened messages stays small. Without one, a message is opened when the one before it is done.
const (
	maxGroup   = 32
	groupBytes = 4 << 20
	maxCalls   = 16 // of DynamoDB at the same time
)

// opened is a message, and the envelope in it.
type opened struct {
	message *payload.Message
	env     envelope.Envelope
	err     error // the message is unreadable
}

// openNext opens the next group of messages, of which there is at least one.
func (r *run) openNext(messages []payload.Message) []opened {
	size, memory := 0, r.body
	for i := range messages {
		m := &messages[i]
		env, err := envelope.OpenInto(m.Body, memory)
		memory = nil
		if err == nil && env.App != r.app {
			err = fmt.Errorf("the message is for app %q", env.App)
		}
		r.group = append(r.group, opened{message: m, env: env, err: err})
		if size += len(env.Body); r.claims == nil || len(r.group) == maxGroup || size >= groupBytes {
			break
		}
	}
	return r.group
}

// closeGroup releases the memory of a group, but for its first body.
func (r *run) closeGroup() {
	r.body = r.group[0].env.Body
	clear(r.group)
	r.group = r.group[:0]
}

// request is a claim that is made.
type request struct {
	key     identity
	message claims.Message
	reports []uint64 // the ids of the message's overflow reports
	claim   *claims.Claim
	stored  claims.Stored
	err     error
}

// claim claims the messages of a group that this invocation does not know yet. What others have stored of them is remembered as if this process had
// stored it. Messages that cannot be claimed fail, and come again.
func (r *run) claim(ctx context.Context, group []opened) {
	if r.claims == nil {
		return
	}
	var requests []*request
	for i := range group {
		if req := r.request(&group[i]); req != nil {
			requests = append(requests, req)
		}
	}
	atOnce(len(requests), func(i int) {
		req := requests[i]
		if req.err = r.noClaims; req.err == nil {
			req.claim, req.stored, req.err = r.claims.Claim(ctx, req.message, func(s claims.Stored) bool { return recordOf(s).covers(req.reports) })
		}
	})
	for _, req := range requests {
		r.settleClaim(ctx, req)
	}
}

// request returns the claim that a message needs; nil if it needs none.
func (r *run) request(o *opened) *request {
	if o.err != nil {
		return nil
	}
	sum, reports := summarize(o.env.Body)
	key := identify(o.env, o.message.ID, sum)
	if _, claimed := r.claimed[key]; claimed || r.stored.get(key).covers(reports) {
		return nil // the copy in this invocation has the claim, or this process has stored it
	}
	r.claimed[key] = nil
	return &request{
		key: key, reports: reports,
		message: claims.Message{Key: base64.RawURLEncoding.EncodeToString(key[:]), ID: o.message.ID, Receives: o.message.Receives},
	}
}

// settleClaim does what the answer to a claim asks for.
func (r *run) settleClaim(ctx context.Context, req *request) {
	log := r.log.With("message_id", req.message.ID)
	switch {
	case req.err == nil:
		r.claimed[req.key] = req.claim
		if rec := recordOf(req.stored); rec.whole || len(rec.ids) > 0 {
			r.stored.add(req.key, rec.and(r.stored.get(req.key)))
		}
	case errors.Is(req.err, claims.ErrBusy):
		log.InfoContext(ctx, "another invocation is storing a copy of the message: it will be delivered again")
		r.lose(req.key)
	default:
		if r.noClaims == nil {
			log.ErrorContext(ctx, ledger.NotClaimed+": they will be delivered again, and stored without a claim if that fails, too", "error", req.err)
			r.noClaims = req.err
		}
		if req.message.Receives < r.lastTry {
			r.lose(req.key)
			return
		}
		r.summary.Unclaimed++
	}
}

// mark notes in the table what is stored of messages.
func (r *run) mark(ctx context.Context, keys ...identity) {
	var claimed []identity
	for _, key := range keys {
		if r.claimed[key] != nil {
			claimed = append(claimed, key)
		}
	}
	errs := make([]error, len(claimed))
	atOnce(len(claimed), func(i int) { errs[i] = r.claimed[claimed[i]].Mark(ctx, r.stored.get(claimed[i]).stored()) })
	failed := 0
	for _, err := range errs {
		if err == nil {
			continue
		}
		if failed == 0 {
			r.log.WarnContext(ctx, "stored messages not marked: a copy may be stored again", "error", err)
		}
		failed++
	}
	r.summary.Unmarked += failed
}

// atOnce calls do for the numbers below n, some of them at the same time.
func atOnce(n int, do func(int)) {
	var wg sync.WaitGroup
	turns := make(chan struct{}, maxCalls)
	for i := range n {
		turns <- struct{}{}
		wg.Go(func() {
			defer func() { <-turns }()
			do(i)
		})
	}
	wg.Wait()
}
