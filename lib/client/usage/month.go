package usage

import (
	"maps"
	"slices"

	"heroku-drains/lib/cost"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/stack"
)

// Settings are those settings of a stack that cost money and that CloudWatch's metrics do not say.
type Settings struct {
	Class      cost.Class
	Days       float64 // how long lines are kept
	Dedup      bool    // durable dedup
	AppMetrics float64 // for each app
}

// updatesOfAlerts is how many items of the alerts table an invocation of the alerts function writes, as in a normal month.
const updatesOfAlerts = 1.2

// Month returns the usage of a month like the measured time, with what the stack uses by existing. Queues of which CloudWatch does not know how often
// they are polled in vain are taken to be polled at full speed.
func (m *Measured) Month(apps []string, s Settings) cost.Usage {
	u := m.Usage.Times(m.scale())
	alerts := cost.Alerts{Apps: float64(len(apps)), Updates: []cost.Updates{{Count: updatesOfAlerts * u.Alerts.Requests, Size: cost.QuietItem}}}.Usage()
	u = u.Plus(cost.Usage{WriteUnits: alerts.WriteUnits, ReadUnits: alerts.ReadUnits})
	u = u.Plus(m.lines(1, s)).Plus(cost.Usage{LogBytes: -u.LogBytes, KeptByteMonths: u.OwnLogBytes * stack.FunctionLogDays / 30})
	if s.Dedup {
		u = u.Plus(cost.Claims(m.Messages * m.scale()))
	}
	standing := cost.Stack()
	standing.SQSPolls = m.polls("") - m.Polls[""]*m.scale()
	u = u.Plus(standing)
	for _, app := range apps {
		idle := m.idle(app, s)
		idle.SQSPolls -= m.Polls[app] * m.scale()
		u = u.Plus(idle)
	}
	return u
}

// scale is how many times the measured time is in a month.
func (m *Measured) scale() float64 { return float64(cost.Month) / float64(m.Until.Sub(m.Since)) }

// lines returns the usage of a share of the lines in a month.
func (m *Measured) lines(share float64, s Settings) cost.Usage {
	return cost.Lines(m.Usage.LogBytes*m.scale()*share, s.Class, s.Days)
}

// polls returns how often a queue is polled in vain in a month.
func (m *Measured) polls(app string) float64 {
	if polls := m.Polls[app]; polls > 0 {
		return polls * m.scale()
	}
	return cost.Polls(cost.MostPollers).SQSPolls
}

// idle returns what an app uses in a month by having a drain.
func (m *Measured) idle(app string, s Settings) cost.Usage {
	return cost.Checks().Plus(cost.Usage{SQSPolls: m.polls(app), CustomMetrics: s.AppMetrics})
}

// App is what an app uses in a month.
type App struct {
	Name         string
	Posts, Lines float64 // a month
	Usage        cost.Usage
}

// ByApp returns what each app uses in a month, by name: what its drain uses without any line; of what POSTs cost, its share of the POSTs; of what
// lines cost, its share of the lines, as if those of all apps were of the same length. It is nil if the ledger has no lines.
func (m *Measured) ByApp(apps []string, days []ledger.Day, s Settings) []App {
	var total ledger.Entry
	byApp := map[string]ledger.Entry{}
	for _, app := range apps {
		byApp[app] = ledger.Entry{}
	}
	for _, d := range days {
		total.Add(d.Entry)
		e := byApp[d.App]
		e.Add(d.Entry)
		byApp[d.App] = e
	}
	if total.Stored == 0 || total.Posts == 0 {
		return nil
	}
	posts := m.Usage.Times(m.scale())
	posts = cost.Usage{
		GatewayRequests: posts.GatewayRequests, Drains: posts.Drains, SQSRequests: posts.SQSRequests, Storage: posts.Storage, OwnLogBytes: posts.OwnLogBytes,
	}
	if s.Dedup {
		posts = posts.Plus(cost.Claims(m.Messages * m.scale()))
	}
	var all []App
	for _, app := range slices.Sorted(maps.Keys(byApp)) {
		e := byApp[app]
		a := App{Name: app, Posts: float64(e.Posts) * m.scale(), Lines: float64(e.Stored) * m.scale()}
		a.Usage = posts.Times(float64(e.Posts) / float64(total.Posts)).Plus(m.lines(float64(e.Stored)/float64(total.Stored), s))
		if slices.Contains(apps, app) { // others were deleted
			a.Usage = a.Usage.Plus(m.idle(app, s))
		}
		all = append(all, a)
	}
	return all
}
