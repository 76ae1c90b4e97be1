package matrix

import (
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

// while keeps faults up while lines are sent, in real time.
func while(d time.Duration, faults ...awslocal.Fault) func(*World) error {
	return func(w *World) error {
		defer w.inject(faults...)()
		return w.Sleep(d)
	}
}

// outage keeps faults up for some real time while lines are sent, and then for the rest of a longer time on the clock of the embedded AWS, in which
// no more are made.
func outage(sending, whole time.Duration, faults ...awslocal.Fault) func(*World) error {
	return func(w *World) error {
		defer w.inject(faults...)()
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
		var met []func() int
		for _, f := range faults {
			injected := w.AWS.InjectCounted(f)
			defer injected.Remove()
			met = append(met, injected.Met)
		}
		return w.Until("the faults were met", func() (bool, error) {
			for i, f := range faults {
				if met[i]() < max(f.Times, 1) {
					return false, nil
				}
			}
			return true, nil
		})
	}
}

// inject injects faults until end is called.
func (w *World) inject(faults ...awslocal.Fault) (end func()) {
	var injected []awslocal.Injected
	for _, f := range faults {
		injected = append(injected, w.AWS.InjectCounted(f))
	}
	return func() {
		for i, one := range injected {
			if one.Met() == 0 {
				w.unmet = append(w.unmet, describe(faults[i]))
			}
			one.Remove()
		}
	}
}

func describe(f awslocal.Fault) string {
	return f.Service + " " + f.Operation + " of " + f.Caller + f.Function
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
