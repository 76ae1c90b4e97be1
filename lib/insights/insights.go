// Package insights has the queries of CloudWatch Logs Insights that show what the apps do: those of the dashboard's widgets, and those that the
// stack saves for people to run. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
//
// The queries follow these rules:
//
//   - They read both formats of lib/logformat, because one log group can have apps of both. They parse @message in both: Logs Insights
//     discovers the fields of JSON lines only in the log class Standard.
//     https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
//   - The app's name is the rest of the log stream's name, after the stack's prefix. Text lines do not contain it.
//   - They read what Heroku writes only where Heroku writes it, by source and process: a dyno can print the same text. So the filter on the
//     origin comes first, before anything that a line could pretend to be.
//   - They need nothing that the class Infrequent Access does not have, such as pattern and filterIndex.
//     https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData_Classes.html
package insights

import "strings"

// MaxLength is the maximum length of a query, in characters.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
const MaxLength = 10_000

// Query is a query with a name.
type Query struct {
	ID    string // of letters and digits; stays the same when the title changes
	Title string
	Text  string
}

// View is how a widget shows the results of its query.
type View int

const (
	Table View = iota
	Lines      // a line for each series, over time
	Stack      // areas on top of each other, over time
)

// Widget is a query that a dashboard shows.
type Widget struct {
	Query
	View View
}

// Set is the queries for the log group of a stack.
type Set struct {
	StreamPrefix string // of the apps' log streams: see drain.Names
}

// pipe joins the commands of a query, each on a line of its own. A command may consist of several.
func pipe(commands ...string) string { return strings.Join(commands, "\n| ") }

// IndexedFields returns the fields of JSON lines that the log group indexes. A query with a condition such as request_id = "…" skips the events
// that do not have the value, so it is faster and scans less. Only log groups of the class Standard can have field indexes, up to 20.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs-Field-Indexing.html
func IndexedFields() []string {
	return []string{"process", "code", "status", "request_id", "dyno"}
}
