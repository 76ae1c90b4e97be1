package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/fatih/color"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// none stands for a missing value in a table.
const none = "-"

// view is a drain as printed: the API's answer, and what else is known.
type view struct {
	drain.Drain
	Heroku          *herokuView `json:"heroku,omitempty"`       // nil: Heroku was skipped
	DeadLetters     *deadView   `json:"dead_letters,omitempty"` // nil: unknown
	Dropped         droppedView `json:"dropped,omitempty"`      // nil: none, or unknown
	Today           *entryView  `json:"today,omitempty"`        // nil: unknown
	VerifiedSeconds float64     `json:"verified_seconds,omitempty"`
}

// printDrain shows one drain. The password in its URL is masked, unless showPassword is set.
func (s *session) printDrain(v view, showPassword bool) error {
	if v.DrainURL != "" && !showPassword {
		v.DrainURL = heroku.MaskURL(v.DrainURL)
	}
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string]view{"data": v})
	}
	rows := [][2]string{
		{"App", v.App},
		{"State", s.paintState(v.State)},
		{"Settings", settingsText(v.Settings)},
		{"Log group", orNone(v.LogGroup)},
		{"Log stream", orNone(v.LogStream)},
		{"Queue", queueText(v.Queue)},
		{"Event source", eventSourceText(v.EventSource)},
		{"Last line", lastLine(v.Drain)},
	}
	if v.Today != nil {
		rows = append(rows, [2]string{"Today", v.Today.text()})
	}
	if v.DeadLetters != nil {
		rows = append(rows, [2]string{"Dead letters", v.DeadLetters.text()})
	}
	if len(v.Dropped) > 0 {
		rows = append(rows, [2]string{"Dropped", v.Dropped.text()})
	}
	if v.Heroku != nil {
		rows = append(rows, [2]string{"Heroku", v.Heroku.text()})
	}
	if v.DrainURL != "" {
		rows = append(rows, [2]string{"Drain URL", v.DrainURL})
	}
	return s.PrintRows(rows)
}

// column is a column of the table of drains.
type column struct {
	title string
	cell  func(view) string
}

// printDrains shows a table of drains.
func (s *session) printDrains(drains []view) error {
	if s.flags.Output == "json" {
		return s.PrintJSON(map[string][]view{"data": drains})
	}
	columns := columnsFor(drains)
	heading := make([]string, len(columns))
	for i, c := range columns {
		heading[i] = c.title
	}
	rows := make([][]string, len(drains))
	for i, d := range drains {
		for _, c := range columns {
			rows[i] = append(rows[i], c.cell(d))
		}
	}
	return s.PrintTable(heading, rows)
}

// columnsFor returns the columns that have something to show for these drains.
func columnsFor(drains []view) []column {
	columns := []column{
		{"APP", func(v view) string { return v.App }},
		{"STATE", func(v view) string { return string(v.State) }},
	}
	if slices.ContainsFunc(drains, func(v view) bool { return v.Settings.Format != "" }) {
		columns = append(columns, column{"FORMAT", func(v view) string { return orNone(v.Settings.Format) }})
	}
	columns = append(columns, column{"WAITING", func(v view) string { return waitingText(v.Queue) }})
	if slices.ContainsFunc(drains, func(v view) bool { return v.DeadLetters != nil && v.DeadLetters.count > 0 }) {
		columns = append(columns, column{"DEAD", func(v view) string { return v.DeadLetters.text() }})
	}
	if slices.ContainsFunc(drains, func(v view) bool { return v.Heroku != nil }) {
		columns = append(columns, column{"HEROKU", func(v view) string { return string(v.Heroku.State) }})
	}
	return append(columns, column{"LAST LINE", func(v view) string { return lastLine(v.Drain) }})
}

func (s *session) paintState(state drain.State) string {
	if state == drain.Active {
		return s.PaintStdout(string(state), color.FgGreen)
	}
	return s.PaintStdout(string(state), color.FgYellow)
}

func settingsText(s drain.Settings) string {
	if s == (drain.Settings{}) {
		return none
	}
	concurrency := "no limit"
	if s.MaximumConcurrency != drain.UnlimitedConcurrency {
		concurrency = fmt.Sprint(s.MaximumConcurrency)
	}
	return fmt.Sprintf("format %s, ansi %s, batch size %d, batch window %d s, maximum concurrency %s",
		s.Format, s.ANSI, s.BatchSize, s.BatchWindowSeconds, concurrency)
}

func queueText(q *drain.Queue) string {
	if q == nil {
		return none
	}
	return fmt.Sprintf("%s (%d waiting, %d in flight)", q.Name, q.Waiting()-q.Received(), q.Received())
}

func waitingText(q *drain.Queue) string {
	if q == nil {
		return none
	}
	return fmt.Sprint(q.Waiting())
}

func eventSourceText(e *drain.EventSource) string {
	if e == nil {
		return none
	}
	return fmt.Sprintf("%s (%s)", e.UUID, e.State)
}

func lastLine(d drain.Drain) string {
	if d.LastEventAt == nil {
		return none
	}
	return d.LastEventAt.UTC().Format(time.RFC3339)
}

func orNone(text string) string {
	if text == "" {
		return none
	}
	return text
}
