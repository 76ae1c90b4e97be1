package console

import (
	"context"
	"net/http"

	"heroku-drains/lib/cost"
)

// Cost is what the traffic of the last minutes would cost on AWS if it went on for a month.
type Cost struct {
	Seconds float64   `json:"seconds"` // for which the traffic was seen
	Posts   float64   `json:"posts"`   // in this time
	Region  string    `json:"region"`  // of the prices
	Parts   cost.Bill `json:"parts"`
	Total   float64   `json:"total"` // dollars a month
}

// Meter returns what the traffic would cost, or nil if there is too little to say so.
type Meter func(context.Context) *Cost

func (c *Console) serveCost(w http.ResponseWriter, r *http.Request) error {
	answer(w, http.StatusOK, map[string]*Cost{"data": c.opts.Meter(r.Context())})
	return nil
}
