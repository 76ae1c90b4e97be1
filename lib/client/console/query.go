package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/drain"
)

const (
	// defaultLines and maxLines are how many of the newest stored lines a request without a start time gets.
	defaultLines = 1000
	maxLines     = 10_000
	// maxApps limits the apps that a request names. All apps need no names.
	maxApps = 200
	// maxText limits the other parameters, in bytes. CloudWatch Logs takes filter patterns of up to 1024 characters.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
	maxText = 4096
)

// linesQuery is which lines a request asks for.
type linesQuery struct {
	apps      []string // empty: all
	selection logs.Selection
	lines     logs.Range
	tail      bool
}

func readLinesQuery(values url.Values) (q linesQuery, err error) {
	if err := checkLengths(values); err != nil {
		return q, err
	}
	if q.apps, err = readApps(values); err != nil {
		return q, err
	}
	if q.selection, err = readSelection(values); err != nil {
		return q, err
	}
	if q.lines.Since, err = readTime(values, "since"); err != nil {
		return q, err
	}
	if q.lines.Until, err = readTime(values, "until"); err != nil {
		return q, err
	}
	limit := defaultLines
	if text := values.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 0 || limit > maxLines {
			return q, invalid("limit", "must be a number from 0 to "+strconv.Itoa(maxLines))
		}
	}
	q.lines.Last = &limit
	if text := values.Get("tail"); text != "" {
		if q.tail, err = strconv.ParseBool(text); err != nil {
			return q, invalid("tail", "must be true or false")
		}
	}
	if q.tail && !q.lines.Until.IsZero() {
		return q, invalid("until", "cannot be used with a tail, which has no end")
	}
	return q, nil
}

// checkLengths refuses parameters that nobody needs.
func checkLengths(values url.Values) error {
	for name, all := range values {
		for _, value := range all {
			if len(value) > maxText {
				return invalid(name, "is too long")
			}
		}
	}
	return nil
}

// readSelection returns which lines are selected, apart from their apps and times.
func readSelection(values url.Values) (s logs.Selection, err error) {
	s = logs.Selection{
		Pattern: values.Get("filter"), Source: values.Get("source"), Process: values.Get("process"), RequestID: values.Get("request_id"),
	}
	if s.RequestID != "" {
		if s.RequestID, err = logs.ParseRequestID(s.RequestID); err != nil {
			return s, invalidValue(err)
		}
	}
	if text := values.Get("status"); text != "" {
		if s.Status, err = logs.ParseStatuses(text); err != nil {
			return s, invalidValue(err)
		}
	}
	if text := values.Get("slower_than"); text != "" {
		if s.SlowerThan, err = time.ParseDuration(text); err != nil || s.SlowerThan < 0 {
			return s, invalid("slower_than", "must be a duration such as 500ms or 2s")
		}
	}
	if text := values.Get("level"); text != "" {
		if s.Level, err = logs.ParseLevel(text); err != nil {
			return s, invalidValue(err)
		}
	}
	return s, nil
}

// readApps returns the apps in a request, each once.
func readApps(values url.Values) ([]string, error) {
	var apps []string
	seen := map[string]bool{}
	for _, app := range values["app"] {
		if err := drain.ValidateApp(app); err != nil {
			return nil, invalidValue(err)
		}
		if !seen[app] {
			seen[app] = true
			apps = append(apps, app)
		}
	}
	if len(apps) > maxApps {
		return nil, invalid("app", "can be given up to "+strconv.Itoa(maxApps)+" times; without it, all apps are selected")
	}
	return apps, nil
}

// readTime returns a time in RFC 3339, or so long ago (15m), or zero if the parameter is missing.
func readTime(values url.Values, name string) (time.Time, error) {
	text := values.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	if ago, err := time.ParseDuration(text); err == nil && ago >= 0 {
		return time.Now().Add(-ago), nil
	}
	return time.Time{}, invalid(name, "must be a time such as 2026-11-22T08:00:00Z, or an age such as 15m")
}

func invalid(name, why string) *refusal { return refuse(http.StatusBadRequest, name+" "+why+".") }

// invalidValue refuses a value for what its check says about it.
func invalidValue(err error) *refusal {
	return refuse(http.StatusBadRequest, strings.TrimSuffix(err.Error(), ".")+".")
}
