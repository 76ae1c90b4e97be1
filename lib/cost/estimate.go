package cost

import "heroku-drains/lib/stack"

// Figures are what an estimate is made from.
type Figures struct {
	Apps      float64
	GB        float64 // 10⁹ bytes that Heroku sends in a month, for all apps
	PostBytes float64 // the mean size of a POST; 0: UsualPost
	Batch     float64 // how many POSTs the storage function stores at a time, on average; 0: BatchSize

	Format Format // "": Text
	Class  Class
	Days   float64 // how long the lines are kept
	Dedup  bool    // durable dedup

	Alerts     Alerts
	AppMetrics float64 // custom metrics for each app
}

// UsualPost is the mean size of a POST if nothing else is known, in bytes.
const UsualPost = 10_000

// Posts returns how many POSTs Heroku sends.
func (f Figures) Posts() float64 {
	bytes := f.PostBytes
	if bytes == 0 {
		bytes = UsualPost
	}
	return f.GB * gigabyte / bytes
}

// Estimate returns the usage of a month.
func Estimate(f Figures) Usage {
	if f.PostBytes == 0 {
		f.PostBytes = UsualPost
	}
	if f.Batch == 0 {
		f.Batch = BatchSize
	}
	u := Stack().Plus(App().Times(f.Apps)).Plus(f.Alerts.Usage())
	u = u.Plus(Posts(f.Posts(), f.PostBytes, f.Batch)).Plus(Lines(f.GB*gigabyte*f.Format.Billed(), f.Class, f.Days))
	if f.Dedup {
		u = u.Plus(Claims(f.Posts()))
	}
	u.CustomMetrics += f.Apps * f.AppMetrics
	u.KeptByteMonths += u.OwnLogBytes * stack.FunctionLogDays / daysPerMonth
	return u
}
