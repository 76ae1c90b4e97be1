package cli

import (
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/plural"
)

// watch adds notes to a watcher that say when the connection is lost, and when it is made again.
func (s *session) watch(w logs.Watcher) logs.Watcher {
	w.Lost = func(err error) { s.Note("%s; trying again…", logs.WhyLost(err)) }
	w.Again = func(lines int) {
		if lines == 0 {
			s.Note("Connected again; no new lines meanwhile.")
			return
		}
		s.Note("Connected again; %s meanwhile.", plural.Count(lines, "line"))
	}
	return w
}
