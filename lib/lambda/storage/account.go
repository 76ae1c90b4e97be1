package storage

import (
	"time"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logformat"
)

// account counts the lines of one message by what became of them. It is open until the run ends, because only then it is known whether the message
// failed: its lines come again, except those that are stored, and must not count twice.
type account struct {
	messageID  string
	post       bool // the message is the first of a POST
	known      bool // the message was stored before
	miscounted int
	received   time.Time // when API Gateway received the POST

	taken, blank, dropped, duplicates int // lines of the message
	stored, rejected                  int // lines that were put
	reports                           []lostReport
}

// lostReport is what a line says about lines that Heroku lost.
type lostReport struct {
	key   string // the same in all reports of one loss; empty: no other line reports it
	code  string
	lines int
	stays bool // the report counts even if its message fails, because its line will not be taken again
}

// open opens the account of a message, for the lines that the writer takes from the reader.
func (r *run) open(env envelope.Envelope, messageID string, known record) {
	r.accounts = append(r.accounts, account{
		messageID: messageID, post: env.Part <= 1, known: known.whole, miscounted: r.reader.miscounted(env), received: env.ReceivedAt,
		taken: len(r.reader.lines) + r.reader.blank, blank: r.reader.blank,
	})
	r.batch.account = len(r.accounts) - 1
	r.writer.account = &r.accounts[r.batch.account]
}

// count notes the lines of events that were put: those in [from:to] were stored, at a time, and the others rejected.
func (r *run) count(events []event, from, to int, at time.Time) {
	for i, e := range events {
		if !e.counts {
			continue
		}
		a := &r.accounts[e.account]
		if from <= i && i < to {
			a.stored++
			r.summary.LagMS = max(r.summary.LagMS, int(at.Sub(a.received).Milliseconds()))
		} else {
			a.rejected++
		}
		if e.report > 0 {
			a.reports[e.report-1].stays = true
		}
	}
}

// settle adds the accounts to the summary.
func (r *run) settle(lost *losses) {
	failed := make(map[string]bool, len(r.failures))
	for _, f := range r.failures {
		failed[f.ItemIdentifier] = true
	}
	s := &r.summary
	for i := range r.accounts {
		a := &r.accounts[i]
		s.Taken += a.taken
		s.Stored += a.stored
		s.Rejected += a.rejected
		for _, report := range a.reports {
			if report.stays || !failed[a.messageID] {
				lost.count(report, s)
			}
		}
		if failed[a.messageID] {
			s.Returned += a.taken - a.stored - a.rejected
			continue
		}
		s.Blank += a.blank
		s.Dropped += a.dropped
		s.Duplicates += a.duplicates
		switch {
		case a.known:
			s.Copies++
		default:
			s.Miscounted += a.miscounted
			if a.post {
				s.Posts++
			}
		}
	}
	clear(r.accounts) // releases what it refers to
	r.accounts = r.accounts[:0]
}

// report notes what a line says about lost lines, and returns the number of the report, from 1; 0 if it says nothing.
func (a *account) report(l *logformat.Line, sent, token string) int32 {
	n, code := logformat.Lost(l, token)
	if n == 0 {
		return 0
	}
	a.reports = append(a.reports, lostReport{key: lossKey(l, sent, code), code: code, lines: n})
	return int32(len(a.reports))
}
