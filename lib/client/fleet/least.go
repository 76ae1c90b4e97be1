package fleet

import (
	"time"

	"heroku-drains/lib/client/connect"
)

// The requests that a sync makes at Heroku for each app at least, besides one for each 200 of the account's apps.
const (
	SurveyRequests = 1 // to list its log drains
	CreateRequests = 2 // to list them again, and to add one
	ChangeRequests = 1 // to list them again
	PruneRequests  = 3 // to list them twice, and to remove one
)

const (
	// putReads is how often a drain is read at least while it is created: before, and until it is active.
	putReads = 2
	// pruneReads is how often a drain is read at least while its queue has to look empty.
	pruneReads = 10
	// pruneWait is for how long the queue of a drain has to look empty at least before it is deleted.
	pruneWait = 3 * time.Minute
)

// Least returns how long it takes at least to apply a plan: because of Heroku's rate limit, the pace at which the drains API is called, and the
// time for which the queues of drains that are deleted have to look empty.
func (p Plan) Least(c *connect.Connector, opts Options) time.Duration {
	due := p.due(opts)
	prunes := due[Orphan]
	least := LeastPuts(due[Create]+due[Change]+due[Repair]) + connect.LeastCalls(pruneReads*prunes)
	if !c.ExactCounts {
		least = max(least, pruneWait*time.Duration((prunes+maxPruned-1)/maxPruned))
	}
	if c.Heroku == nil {
		return least
	}
	return max(least, c.Heroku.Least(p.Requests(opts)))
}

// LeastPuts returns how long it takes at least to create a number of drains without a rate limit of Heroku's.
func LeastPuts(n int) time.Duration { return connect.LeastCalls(putReads * n) }

// Requests returns how many requests Apply makes at Heroku at least.
func (p Plan) Requests(opts Options) int {
	due := p.due(opts)
	return CreateRequests*due[Create] + ChangeRequests*(due[Change]+due[Repair]) + PruneRequests*due[Orphan]
}

// due counts the steps that Apply carries out.
func (p Plan) due(opts Options) map[Action]int {
	n := map[Action]int{}
	for _, step := range p.Steps {
		if step.Due(opts) {
			n[step.Action]++
		}
	}
	return n
}
