package cli

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fatih/color"

	"heroku-drains/lib/drain"
)

// none stands in a table for what does not exist.
const none = "-"

// printDrain shows one drain. Its URL is masked unless the password may be shown.
func (s *session) printDrain(d drain.Drain, showPassword bool) error {
	if d.DrainURL != "" && !showPassword {
		d.DrainURL = masked(d.DrainURL)
	}
	if s.flags.Output == "json" {
		return s.printJSON(map[string]drain.Drain{"data": d})
	}
	rows := [][2]string{
		{"App", d.App},
		{"State", s.paintState(d.State)},
		{"Settings", settingsText(d.Settings)},
		{"Log group", d.LogGroup},
		{"Log stream", orNone(d.LogStream)},
		{"Queue", queueText(d.Queue)},
		{"Event source", eventSourceText(d.EventSource)},
		{"Last line", lastLine(d)},
	}
	if d.DrainURL != "" {
		rows = append(rows, [2]string{"Drain URL", d.DrainURL})
	}
	return s.printRows(rows)
}

// printRows shows a name and a value per line.
func (s *session) printRows(rows [][2]string) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(w, "%s\t%s\n", row[0], row[1])
	}
	return flush(w)
}

// printDrains shows a drain per line, under a heading.
func (s *session) printDrains(drains []drain.Drain) error {
	if s.flags.Output == "json" {
		return s.printJSON(map[string][]drain.Drain{"data": drains})
	}
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "APP\tSTATE\tFORMAT\tWAITING\tLAST LINE")
	for _, d := range drains {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.App, d.State, valueOf(d.Settings.Format), waitingText(d.Queue), lastLine(d))
	}
	if err := flush(w); err != nil {
		return err
	}
	// Coloured by the line, after the columns are set: a cell's colour codes would count as its width.
	heading, rows, _ := strings.Cut(table.String(), "\n")
	if _, err := fmt.Fprintf(s.out, "%s\n%s", s.paintOut(heading, color.Bold), rows); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func flush(w *tabwriter.Writer) error {
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func (s *session) paintState(state drain.State) string {
	if state == drain.Active {
		return s.paintOut(string(state), color.FgGreen)
	}
	return s.paintOut(string(state), color.FgYellow)
}

// masked is a drain URL whose password cannot be read.
func masked(drainURL string) string {
	u, err := url.Parse(drainURL)
	if err != nil || u.User == nil {
		return "****"
	}
	return fmt.Sprintf("%s://%s:****@%s%s", u.Scheme, u.User.Username(), u.Host, u.EscapedPath())
}

func settingsText(s drain.Settings) string {
	concurrency := "no limit"
	if s.MaximumConcurrency != nil && *s.MaximumConcurrency > 0 {
		concurrency = fmt.Sprint(*s.MaximumConcurrency)
	}
	return fmt.Sprintf("format %s, ansi %s, batch size %s, batch window %s s, maximum concurrency %s",
		valueOf(s.Format), valueOf(s.ANSI), valueOf(s.BatchSize), valueOf(s.BatchWindowSeconds), concurrency)
}

func valueOf[T any](v *T) string {
	if v == nil {
		return none
	}
	return fmt.Sprint(*v)
}

func queueText(q *drain.Queue) string {
	if q == nil {
		return none
	}
	return fmt.Sprintf("%s (%d waiting, %d in flight)", q.Name, q.Messages+q.Delayed, q.InFlight)
}

func waitingText(q *drain.Queue) string {
	if q == nil {
		return none
	}
	return fmt.Sprint(waiting(q))
}

// waiting is how many messages a queue holds that are not stored yet.
func waiting(q *drain.Queue) int { return q.Messages + q.Delayed + q.InFlight }

func eventSourceText(e *drain.EventSource) string {
	if e == nil {
		return none
	}
	return fmt.Sprintf("%s (%s, last result: %s)", e.UUID, e.State, orNone(e.LastResult))
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
