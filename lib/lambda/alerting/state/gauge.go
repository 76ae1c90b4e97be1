package state

import (
	"time"

	"heroku-drains/lib/alert"
)

const (
	// exactWindow is the longest window, in seconds, whose lines are counted by second. Longer ones are divided into as many steps, so that
	// their state is no larger: a window of a day has steps of 24 seconds, and is exact to one of them.
	exactWindow = 3600

	// row is how far samples in a row may be apart, in intervals of the rule. Heroku's samples are not on time to the second, but one that is
	// missing, because it is within the limit, leaves a gap of two intervals.
	row = 1.75
)

// gauge says when the lines of a rule are too many, in seconds.
type gauge struct {
	threshold int
	window    int64 // the lines of an alert are less than this apart; with inARow, at most
	cooldown  int64
	step      int64
	inARow    bool // threshold samples in a row, each at most window after the one before
}

// gaugeOf returns the gauge of a rule.
func gaugeOf(rule alert.Rule) gauge {
	g := gauge{threshold: max(rule.Threshold, 1), window: seconds(rule.Window), cooldown: seconds(rule.Cooldown), step: 1}
	if rule.Kind == alert.Samples {
		g.inARow = true
		g.window = int64(row * float64(max(seconds(rule.Interval), 1)))
		g.cooldown = max(g.cooldown, g.window+1)
	}
	g.window = max(g.window, 1)
	if !g.inARow && g.window > exactWindow {
		g.step = (g.window + exactWindow - 1) / exactWindow
	}
	return g
}

// keep returns for how long a line matters before there is an alert: others that are to be counted with it may be late.
func (g gauge) keep() int64 {
	if g.inARow {
		return g.window*int64(g.threshold) + lateAfter
	}
	return g.window + lateAfter
}

// begin returns the times of the first line of the first alert in these lines, and of the one with which there were too many, if there is one.
func (g gauge) begin(all Seconds) (first, last int64, found bool) {
	from, lines := 0, 0
	for i, second := range all {
		if g.inARow {
			if i > 0 && second.At-all[i-1].At > g.window {
				from = i
			}
			lines = i - from + 1 // two values of a second are one sample
		} else {
			lines += second.Lines
			for second.At-all[from].At >= g.window {
				lines -= all[from].Lines
				from++
			}
		}
		if lines >= g.threshold {
			return all[from].At, second.At, true
		}
	}
	return 0, 0, false
}

// end returns the time at which an alert with these lines is over: fewer than the threshold are in the window, and none came during the
// cooldown.
func (g gauge) end(lines Seconds, last int64) int64 {
	end := last + g.cooldown
	if at, ok := lines.newest(g.threshold); ok && !g.inARow {
		end = max(end, at+g.window)
	}
	return end
}

// newest returns the time of the n-th line from the end.
func (s Seconds) newest(n int) (at int64, ok bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if n -= s[i].Lines; n <= 0 {
			return s[i].At, true
		}
	}
	return 0, false
}

// seconds returns a duration in seconds.
func seconds(d alert.Duration) int64 { return int64(time.Duration(d) / time.Second) }
