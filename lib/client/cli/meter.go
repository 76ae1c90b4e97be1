package cli

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"heroku-drains/lib/client/console"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/metering"
)

// meterTimeout limits how long a reading of the meter takes.
const meterTimeout = 5 * time.Second

// readMeter reads what a local system has metered. It fails if the system is of a version without a meter.
func readMeter(ctx context.Context, url string) (m awslocal.Metered, err error) {
	ctx, stop := context.WithTimeout(ctx, meterTimeout)
	defer stop()
	res, err := ownersRequest(ctx, http.MethodGet, url+awslocal.MeterPath, nil)
	if err != nil {
		return m, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Header.Get("Server") != awslocal.ServerName {
		return m, errors.New(res.Status)
	}
	return m, json.NewDecoder(res.Body).Decode(&m)
}

// watchMeter reads the meter of the local system now and then, until stop is called. It returns nil without --local.
func (s *session) watchMeter(ctx context.Context) (meter *metering.Recent, stop func()) {
	if !s.flags.Local {
		return nil, func() {}
	}
	meter = &metering.Recent{Read: func(ctx context.Context) (awslocal.Metered, error) { return readMeter(ctx, s.flags.LocalAWSURL) }}
	ctx, end := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { meter.Watch(ctx) })
	return meter, func() {
		end()
		watching.Wait()
	}
}

// pageMeter returns a meter for the page.
func (s *session) pageMeter(meter *metering.Recent) console.Meter {
	if meter == nil {
		return nil
	}
	return func(ctx context.Context) *console.Cost { return costOf(meter.Month(ctx)) }
}

// costOf returns what a month costs, with the prices of the local system's Region, or nil if it is not known.
func costOf(m metering.Month, known bool) *console.Cost {
	if !known {
		return nil
	}
	prices, _ := cost.In(cost.USEast1)
	c := &console.Cost{Seconds: rounded(m.Seen.Seconds(), 3), Posts: m.Posts, Region: prices.Region, Parts: m.Bill(prices)}
	c.Total = rounded(c.Parts.Dollars(), 6)
	for i := range c.Parts {
		c.Parts[i].Units, c.Parts[i].Dollars = rounded(c.Parts[i].Units, 3), rounded(c.Parts[i].Dollars, 6)
	}
	return c
}

// runMeter meters what a run of simulate makes the local system do. A nil runMeter meters nothing.
type runMeter struct {
	s      *session
	before awslocal.Metered
}

// startMeter begins to meter, if there is a local system that can.
func (c *simulateCmd) startMeter(ctx context.Context, s *session) *runMeter {
	if !s.flags.Local || c.URL != "" {
		return nil
	}
	before, err := readMeter(ctx, s.flags.LocalAWSURL)
	if err != nil {
		return nil
	}
	return &runMeter{s: s, before: before}
}

const (
	// settleTime is the time between two readings of the meter, which is settled if they are the same, and settleTries how often it is read.
	settleTime  = 300 * time.Millisecond
	settleTries = 10
)

// stop returns what a month of the run would cost, when its lines are stored, or nil if the run was too short to say so. Lines that have to wait longer,
// because something fails, are left out.
func (r *runMeter) stop(ctx context.Context) *console.Cost {
	if r == nil {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // an interrupted run is of interest, too
	last, err := readMeter(ctx, r.s.flags.LocalAWSURL)
	ended := last.At
	if err != nil || ended.Sub(r.before.At) < metering.Least {
		return nil
	}
	for range settleTries {
		if r.s.wait(ctx, settleTime) != nil {
			break
		}
		m, err := readMeter(ctx, r.s.flags.LocalAWSURL)
		if err != nil {
			return nil
		}
		settled := slices.Equal(m.Counts, last.Counts)
		last = m
		if settled {
			break
		}
	}
	last.At = ended
	return costOf(metering.MonthAt(r.before, last))
}
