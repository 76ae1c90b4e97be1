package main

import (
	"fmt"
	"strings"
	"time"

	"heroku-drains/test/faults/matrix"
	"heroku-drains/test/faults/page"
)

// table returns what came of rows, in Markdown.
func table(results []matrix.Result) string {
	rows := [][]string{{
		"row", "what goes wrong", "made", "acknowledged", "stored", "dead letters", "lost", "stored twice", "slowest answer", "99.9 % of the answers", "recovered within",
	}}
	for _, r := range results {
		rows = append(rows, []string{
			"`" + r.Row.Name + "`", r.Row.Fault, fmt.Sprint(r.Made), fmt.Sprint(r.Acknowledged), fmt.Sprint(r.Stored), fmt.Sprint(r.Letters),
			fmt.Sprint(r.Lost), fmt.Sprint(r.Duplicated), seconds(r.Slowest), seconds(r.P999), recovery(r.Recovery),
		})
	}
	return page.Markdown(rows)
}

// explanations returns why lines were stored twice or dropped, and messages became dead letters, in Markdown.
func explanations(results []matrix.Result) string {
	rows := [][]string{{"why", "rows"}}
	at := map[string]int{}
	add := func(n int, what, why, row string) {
		if n == 0 || why == "" {
			return
		}
		text := what + why
		i, known := at[text]
		if !known {
			i = len(rows)
			at[text] = i
			rows = append(rows, []string{text, ""})
		}
		rows[i][1] = strings.TrimPrefix(rows[i][1]+", `"+row+"`", ", ")
	}
	for _, r := range results {
		add(r.Duplicated, "Stored twice: ", r.Row.Duplicates, r.Row.Name)
	}
	for _, r := range results {
		add(r.Letters, "Dead letters: ", r.Row.DeadLetters, r.Row.Name)
	}
	for _, r := range results {
		add(r.Dropped, "Dropped by Heroku, and not acknowledged: ", r.Row.Drops, r.Row.Name)
	}
	for _, r := range results {
		add(1, "Answered late: ", r.Row.Slow, r.Row.Name)
	}
	return page.Markdown(rows)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func recovery(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%.1f min", d.Minutes())
}
