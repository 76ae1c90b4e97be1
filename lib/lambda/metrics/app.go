package metrics

import "heroku-drains/lib/stack"

// App is what the lines say about an app that one invocation stored. The metrics of lib/stack have the units. They have the app's name as a
// dimension, besides the function's.
type App struct {
	Name                       string
	Responses5xx, HerokuErrors int
	Lines, Bytes, Requests     int
	ServiceTimes               []int64
}

// metrics returns the counts that are not zero: see Batch.
func (a App) metrics() []metric {
	var all []metric
	for _, m := range []metric{
		{stack.MetricResponses5xx, "Count", int64(a.Responses5xx)},
		{stack.MetricHerokuErrors, "Count", int64(a.HerokuErrors)},
		{stack.MetricAppLines, "Count", int64(a.Lines)},
		{stack.MetricAppBytes, "Bytes", int64(a.Bytes)},
		{stack.MetricAppRequests, "Count", int64(a.Requests)},
	} {
		if m.value > 0 {
			all = append(all, m)
		}
	}
	return all
}
