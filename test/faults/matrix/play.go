package matrix

import (
	"strings"
	"time"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// The functions, which call AWS with access keys of their own names.
const (
	drains  = stack.LocalDrainsFunction
	storage = stack.LocalStorageFunction
	alerts  = stack.LocalAlertsFunction
)

// meanwhile is how long a call takes that then fails, so that a function that does not wait for it has given its response before.
const meanwhile = 100 * time.Millisecond

// while keeps faults up while lines are sent, in real time, and until each was met.
func while(d time.Duration, faults ...awslocal.Fault) func(*World) error {
	return func(w *World) error {
		met, end := w.inject(faults...)
		defer end()
		if err := w.Sleep(d); err != nil {
			return err
		}
		return w.Until("each fault was met", func() (bool, error) { return met(1), nil })
	}
}

// outage keeps faults up for some real time while lines are sent, and then for the rest of a longer time on the clock of the embedded AWS, in which
// no more are made.
func outage(sending, whole time.Duration, faults ...awslocal.Fault) func(*World) error {
	return func(w *World) error {
		_, remove := w.inject(faults...)
		defer remove()
		end := w.AWS.Now().Add(whole)
		if err := w.Sleep(sending); err != nil {
			return err
		}
		w.Pause()
		defer w.Resume()
		return w.Pass(end.Sub(w.AWS.Now()))
	}
}

// until keeps faults up until each was met as often as its Times say.
func until(faults ...awslocal.Fault) func(*World) error {
	return func(w *World) error {
		met, end := w.inject(faults...)
		defer end()
		return w.Until("the faults were met", func() (bool, error) { return met(0), nil })
	}
}

// inject injects faults until end is called. Met reports whether each was met at least so many times, or, for 0, as often as its Times say.
func (w *World) inject(faults ...awslocal.Fault) (met func(times int) bool, end func()) {
	var injected []awslocal.Injected
	for _, f := range faults {
		injected = append(injected, w.AWS.InjectCounted(f))
	}
	met = func(times int) bool {
		for i, one := range injected {
			if one.Met() < max(times, 1) || times == 0 && one.Met() < faults[i].Times {
				return false
			}
		}
		return true
	}
	return met, func() {
		for i, one := range injected {
			if one.Met() == 0 {
				w.unmet = append(w.unmet, describe(faults[i]))
			}
			one.Remove()
		}
	}
}

func describe(f awslocal.Fault) string {
	return strings.Join(strings.Fields(f.Service+" "+f.Operation+" "+f.Caller+f.Function+" "+f.Resource), " ")
}

// cold ends the processes of functions, so that they begin with their first calls again.
func cold(functions ...string) func(*World) error {
	return func(w *World) error {
		for _, f := range functions {
			if _, err := w.AWS.KillFunction(f); err != nil {
				return err
			}
		}
		return nil
	}
}

// then plays one after the other.
func then(plays ...func(*World) error) func(*World) error {
	return func(w *World) error {
		for _, play := range plays {
			if err := play(w); err != nil {
				return err
			}
		}
		return nil
	}
}

// killEvery kills functions again and again, at any moment.
func killEvery(interval time.Duration, times int, functions ...string) func(*World) error {
	return func(w *World) error {
		for range times {
			if err := cold(functions...)(w); err != nil {
				return err
			}
			if err := w.Sleep(interval); err != nil {
				return err
			}
		}
		return nil
	}
}
