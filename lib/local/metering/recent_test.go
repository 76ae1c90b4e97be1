package metering_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/metering"
)

func TestRecentTraffic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var units int64
		var restarted time.Time
		var failed error
		recent := metering.Recent{Read: func(context.Context) (awslocal.Metered, error) {
			m := reading(0, units)
			m.At, m.Since = time.Now(), restarted
			return m, failed
		}}
		ctx, stop := context.WithCancel(t.Context())
		watching := make(chan struct{})
		go func() {
			defer close(watching)
			recent.Watch(ctx)
		}()
		want := func(what string, seen time.Duration, posts float64) {
			t.Helper()
			synctest.Wait()
			if m, ok := recent.Month(ctx); ok != (posts > 0) || ok && (m.Seen != seen || m.Posts != posts) {
				t.Errorf("%s, after %s: %s, %.0f POSTs, %t; want %s and %.0f", what, time.Since(began), m.Seen, m.Posts, ok, seen, posts)
			}
		}
		want("at once", 0, 0)
		time.Sleep(15 * time.Second)
		units = 100
		want("soon", 15*time.Second, 100)
		time.Sleep(20 * time.Minute)
		want("no traffic lately", 0, 0)
		units = 150
		want("of the last minutes", metering.Span+5*time.Second, 50)
		failed = errors.New("failed")
		want("an error", 0, 0)
		failed, restarted, units = nil, time.Now(), 3
		want("a restart", 0, 0)
		time.Sleep(metering.Interval + time.Second)
		units = 7
		time.Sleep(metering.Interval)
		want("after a restart", metering.Interval+6*time.Second, 4)
		stop()
		<-watching
	})
}
