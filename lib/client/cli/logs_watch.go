package cli

import (
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/client/plural"
)

// explainDuplicates says how many duplicates were hidden.
func (s *session) explainDuplicates(d *logs.Duplicates) {
	if n := d.Hidden(); n > 0 {
		s.Note("%s hidden. To show them, add --duplicates.", plural.Count(n, "duplicate"))
	}
}

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
