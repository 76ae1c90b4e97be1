package metering_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/metering"
)

func TestRecentTraffic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var mu sync.Mutex
		var now struct {
			units     int64
			restarted time.Time
			failed    error
		}
		set := func(units int64, restarted time.Time, failed error) {
			mu.Lock()
			defer mu.Unlock()
			now.units, now.restarted, now.failed = units, restarted, failed
		}
		recent := metering.Recent{Read: func(context.Context) (awslocal.Metered, error) {
			mu.Lock()
			defer mu.Unlock()
			m := reading(0, now.units)
			m.At, m.Since = time.Now(), now.restarted
			return m, now.failed
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
		set(100, time.Time{}, nil)
		want("soon", 15*time.Second, 100)
		time.Sleep(20 * time.Minute)
		want("no traffic lately", 0, 0)
		set(150, time.Time{}, nil)
		want("of the last minutes", metering.Span+5*time.Second, 50)
		set(150, time.Time{}, errors.New("failed"))
		want("an error", 0, 0)
		restarted := time.Now()
		set(3, restarted, nil)
		want("a restart", 0, 0)
		time.Sleep(metering.Interval + time.Second)
		set(7, restarted, nil)
		time.Sleep(metering.Interval)
		want("after a restart", metering.Interval+6*time.Second, 4)
		stop()
		<-watching
	})
}
