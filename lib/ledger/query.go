package ledger

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Day is what happened to an app's lines in a day.
type Day struct {
	Day time.Time `json:"day"` // its first moment, in UTC
	App string    `json:"app"`
	Entry
}

// The names of columns in the results of a query.
const (
	dayColumn   = "ledgerDay"
	countColumn = "logLines"
	sumPrefix   = "sum_" // and the name of a field: AWS's pages do not say what an alias with the name of a field would do
)

// Query returns the query of Logs Insights that adds up the ledger by app and day, in the log groups of the storage and the drains function. Without
// apps it is for all of them. The names of apps must be valid, because a query cannot quote everything. Days are those of the log lines, not of
// the lines that they are about: what was stored after midnight counts for the new day.
//
// It uses only what JSON lines in log groups of the class Standard have: their members are fields.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
func Query(apps ...string) string {
	commands := []string{
		fmt.Sprintf(`filter message in ["%s", "%s", "%s"] and ispresent(%s)`, BatchDone, PostRejected, PostFailed, AppMember),
		fmt.Sprintf(`filter message != "%s" or ispresent(%s)`, BatchDone, takenField), // not those of a version without the ledger
	}
	if len(apps) > 0 {
		commands = append(commands, fmt.Sprintf(`filter %s in ["%s"]`, AppMember, strings.Join(apps, `", "`)))
	}
	var e Entry
	columns := []string{"count(*) as " + countColumn, "max(" + lagField + ") as " + sumPrefix + lagField}
	for _, f := range e.sums() {
		columns = append(columns, "sum("+f.name+") as "+sumPrefix+f.name)
	}
	return strings.Join(append(commands, "stats "+strings.Join(columns, ", ")+" by bin(1d) as "+dayColumn+", "+AppMember+", message"), "\n| ")
}

// Read returns the days in the rows of the query's results, sorted by day and app. A row has a value for each column that is not empty.
func Read(rows []map[string]string) ([]Day, error) {
	found := map[string]*Day{} // by day and app
	for _, row := range rows {
		day, err := readDay(row[dayColumn])
		if err != nil {
			return nil, err
		}
		k := day.Format(time.DateOnly) + row[AppMember]
		if found[k] == nil {
			found[k] = &Day{Day: day, App: row[AppMember]}
		}
		e, err := readEntry(row)
		if err != nil {
			return nil, err
		}
		found[k].Add(e)
	}
	days := make([]Day, 0, len(found))
	for _, k := range slices.Sorted(maps.Keys(found)) {
		days = append(days, *found[k])
	}
	return days, nil
}

// readEntry reads one row.
func readEntry(row map[string]string) (Entry, error) {
	var e Entry
	for _, f := range append(e.sums(), field{lagField, &e.LagMS}) {
		n, err := readNumber(row[sumPrefix+f.name])
		if err != nil {
			return e, fmt.Errorf("read %s of %s: %w", f.name, row[AppMember], err)
		}
		*f.value = n
	}
	posts, err := readNumber(row[countColumn])
	switch row["message"] {
	case PostRejected:
		e.Refused += posts
	case PostFailed:
		e.Unavailable += posts
	}
	return e, err
}

// readNumber reads a number of Logs Insights, which may have an exponent or a fraction. No value is 0.
func readNumber(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return int(n), nil
}

// readDay reads a time of the results. AWS's pages show both forms.
func readDay(text string) (time.Time, error) {
	if millis, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.UnixMilli(millis).UTC(), nil
	}
	day, err := time.Parse("2006-01-02 15:04:05.000", text)
	if err != nil {
		return day, fmt.Errorf("read a day of Logs Insights: %w", err)
	}
	return day.UTC(), nil
}
