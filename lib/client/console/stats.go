package console

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/awscall/logscall"
	"heroku-drains/lib/client/logs"
	"heroku-drains/lib/insights"
	"heroku-drains/lib/stack"
)

// minutes is how many minutes the plots show.
const minutes = 60

// maxStatRows is more than any installation has: two rows for each app and minute. AWS allows as many.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
const maxStatRows = 100_000

// hour is what the apps did in each of the last minutes.
type hour struct {
	from time.Time // the first minute; zero: unknown
	apps map[string]*appHour
}

type appHour struct {
	lines    [minutes]int
	statuses [5][minutes]int // requests by the first digit of their status, from 1
	service  [minutes]times
}

// statsView is the answer of /api/stats.
type statsView struct {
	From      time.Time             `json:"from"`
	Minutes   int                   `json:"minutes"`
	Status    map[string][]int      `json:"status"`     // requests, by the class of their status
	ServiceMS map[string][]*float64 `json:"service_ms"` // nil: no request was answered
	Lines     map[string][]int      `json:"lines"`      // by app
}

func (c *Console) serveStats(w http.ResponseWriter, r *http.Request) error {
	apps, err := readApps(r.URL.Query())
	if err != nil {
		return err
	}
	h, err := c.stats.get(r.Context(), c)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, h.view(apps))
	return nil
}

// view returns what these apps did; all of them if apps is empty.
func (h hour) view(apps []string) statsView {
	if len(apps) == 0 {
		for app := range h.apps {
			apps = append(apps, app)
		}
	}
	v := statsView{From: h.from, Minutes: minutes, Status: map[string][]int{}, ServiceMS: map[string][]*float64{}, Lines: map[string][]int{}}
	for class := range 5 {
		counts := make([]int, minutes)
		for _, app := range apps {
			if a := h.apps[app]; a != nil {
				for m, n := range a.statuses[class] {
					counts[m] += n
				}
			}
		}
		v.Status[strconv.Itoa(class+1)+"xx"] = counts
	}
	for name, share := range map[string]float64{"p50": 0.5, "p95": 0.95, "p99": 0.99} {
		values := make([]*float64, minutes)
		for m := range minutes {
			var all []times
			for _, app := range apps {
				if a := h.apps[app]; a != nil {
					all = append(all, a.service[m])
				}
			}
			values[m] = percentile(all, share)
		}
		v.ServiceMS[name] = values
	}
	for _, app := range apps {
		counts := make([]int, minutes)
		if a := h.apps[app]; a != nil {
			copy(counts, a.lines[:])
		}
		v.Lines[app] = counts
	}
	return v
}

// lines returns how many lines an app had in each minute; empty if that is unknown.
func (h hour) lines(app string) []int {
	if h.from.IsZero() {
		return []int{}
	}
	counts := make([]int, minutes)
	if a := h.apps[app]; a != nil {
		copy(counts, a.lines[:])
	}
	return counts
}

// newest returns the last minute in which an app had lines, or zero.
func (h hour) newest(app string) time.Time {
	if a := h.apps[app]; a != nil {
		for m := minutes - 1; m >= 0; m-- {
			if a.lines[m] > 0 {
				return h.from.Add(time.Duration(m) * time.Minute)
			}
		}
	}
	return time.Time{}
}

// loadStats runs one query for all apps.
func (c *Console) loadStats(ctx context.Context) (hour, error) {
	cfg, err := c.opts.Installation.AWS(ctx)
	if err != nil {
		return hour{}, err
	}
	prefix, group, err := c.where(ctx)
	if err != nil {
		return hour{}, err
	}
	end := c.opts.Now().Truncate(time.Minute).Add(time.Minute)
	from := end.Add(-minutes * time.Minute)
	rows, err := logs.Query(ctx, logscall.New(cloudwatchlogs.NewFromConfig(cfg)), c.opts.Wait, &cloudwatchlogs.StartQueryInput{
		LogGroupName: &group, QueryString: aws.String(insights.Set{StreamPrefix: prefix}.Minutes().Text), Limit: aws.Int32(maxStatRows),
		StartTime: aws.Int64(from.Unix()), EndTime: aws.Int64(end.Unix()),
	})
	if err != nil {
		return hour{}, fmt.Errorf("query Logs Insights: %w", err)
	}
	h := hour{from: from.UTC(), apps: map[string]*appHour{}}
	for _, row := range rows {
		if err := h.add(row); err != nil {
			return hour{}, err
		}
	}
	return h, nil
}

// where returns the prefix of the apps' log streams, and their log group.
func (c *Console) where(ctx context.Context) (prefix, group string, err error) {
	outputs, err := c.opts.Installation.Outputs(ctx)
	if err != nil {
		return "", "", err
	}
	prefix, group = outputs.StreamPrefix, outputs.LogGroup
	if prefix == "" || group == "" { // --api-url: there are no outputs, but drains
		drains, err := c.list.get(ctx, c)
		if err != nil {
			return "", "", err
		}
		for _, d := range drains {
			if found, ok := strings.CutSuffix(d.LogStream, d.App); ok {
				prefix, group = found, d.LogGroup
			}
		}
	}
	return cmp.Or(prefix, stack.DefaultStreamPrefix), cmp.Or(group, stack.DefaultLogGroup), nil
}

// add adds a row of the query Minutes.
func (h hour) add(row []types.ResultField) error {
	values := map[string]string{}
	for _, f := range row {
		values[aws.ToString(f.Field)] = aws.ToString(f.Value)
	}
	at, err := time.Parse("2006-01-02 15:04:05.000", values[insights.MinuteColumn])
	if err != nil {
		return fmt.Errorf("read a time of Logs Insights: %w", err)
	}
	m := int(at.Sub(h.from) / time.Minute)
	if at.Before(h.from) || m >= minutes {
		return nil // the query's range includes its end
	}
	app := values[insights.AppColumn]
	a := h.apps[app]
	if a == nil {
		a = &appHour{}
		h.apps[app] = a
	}
	number := func(name string) float64 {
		n, _ := strconv.ParseFloat(values[name], 64) // a row without requests has no times
		return n
	}
	a.lines[m] += int(number(insights.LinesColumn))
	if values[insights.KindColumn] != insights.RouterKind {
		return nil
	}
	for class := range a.statuses {
		a.statuses[class][m] += int(number(insights.ClassColumn + strconv.Itoa(class+1)))
	}
	t := times{count: int(number(insights.TimedColumn))}
	for name, share := range insights.ServiceColumns() {
		t.points = append(t.points, point{share: share, ms: number(name)})
	}
	a.service[m] = t.sorted()
	return nil
}
