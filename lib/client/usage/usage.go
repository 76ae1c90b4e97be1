// Package usage reads from CloudWatch's metrics how much an installation used of what AWS bills. See package cost.
package usage

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"heroku-drains/lib/cost"
	"heroku-drains/lib/stack"
)

// Client is the part of CloudWatch that is used here: *cloudwatch.Client implements it.
type Client interface {
	GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error)
}

// Reader reads the metrics of an installation.
type Reader struct {
	Client    Client
	Outputs   stack.Outputs
	AccessLog string        // name of the log group with the API's access log
	Period    time.Duration // of the metrics: how exactly the beginning of the usage is known
}

// Measured is what was used in a time.
type Measured struct {
	Since, Until time.Time // Since is when the first period begins in which a metric has a value
	Usage        cost.Usage
	Messages     float64            // of the apps' queues: one for each POST, as a rule
	Polls        map[string]float64 // by app, receives of its queue that returned nothing; "" is the alerts queue
}

// Read returns what was used in a time: by the queues of these apps, and by everything that they share. Since is zero if nothing was.
//
// CloudWatch does not say how Lambda rounds durations, nor how many calls SQS was asked with: the former are rounded up by half a millisecond, the latter
// follow from the messages, their mean size, and the invocations. Whether IncomingBytes has the bytes that are billed for each event is not documented:
// they are added.
func (r *Reader) Read(ctx context.Context, from, until time.Time, apps []string) (Measured, error) {
	metrics := r.metrics(apps)
	sums, since, err := r.sums(ctx, metrics, from, until)
	if err != nil {
		return Measured{}, err
	}
	m := Measured{Since: since, Until: until, Polls: map[string]float64{}}
	of := func(name, value string) float64 { return sums[metric{name, value}] }
	function := func(name string, memoryMB int) cost.Function {
		count := of(invocations, name)
		used := cost.Run(1, memoryMB, (of(duration, name)+count/2)/1000)
		used.Requests = count
		return used
	}
	u := &m.Usage
	u.Drains = function(r.Outputs.DrainsFunction, stack.DrainsMemoryMB)
	u.Storage = function(r.Outputs.StorageFunction, stack.StorageMemoryMB)
	u.Alerts = function(r.Outputs.AlertsFunction, stack.AlertsMemoryMB)
	u.GatewayRequests = u.Drains.Requests // of an API whose ID its URL does not have
	if id := apiID(r.Outputs.APIURL); id != "" {
		u.GatewayRequests = of(requests, id)
	}

	bytes := 0.0
	for _, app := range apps {
		queue := r.Outputs.QueuePrefix + app
		m.Messages, bytes = m.Messages+of(sent, queue), bytes+of(sentBytes, queue)
		if polls := of(emptyReceives, queue); polls > 0 {
			m.Polls[app] = polls
			u.SQSPolls += polls
		}
	}
	if m.Messages > 0 {
		mean, batches := bytes/m.Messages, max(u.Storage.Requests, m.Messages/mostReceived)
		u.SQSRequests = m.Messages*cost.Units(mean, cost.SQSUnit) + batches*(cost.Units(bytes/batches, cost.SQSUnit)+1)
	}
	alertsQueue := r.alertsQueue()
	u.SQSRequests += of(sent, alertsQueue) + 2*u.Alerts.Requests
	m.Polls[""] = of(emptyReceives, alertsQueue)
	u.SQSPolls += m.Polls[""]

	stored := func(group string) float64 {
		return of(incomingBytes, group) + cost.EventOverhead*of(incomingEvents, group)
	}
	u.LogBytes = stored(r.Outputs.LogGroup)
	for _, group := range r.ownLogs() {
		u.OwnLogBytes += stored(group)
	}
	return m, nil
}

// apiID returns the ID of an API from its URL, https://ID.execute-api.REGION.amazonaws.com, or "".
func apiID(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	id, host, _ := strings.Cut(u.Hostname(), ".")
	if !strings.HasPrefix(host, "execute-api.") {
		return ""
	}
	return id
}

func (r *Reader) alertsQueue() string {
	return r.Outputs.AlertsQueueURL[strings.LastIndex(r.Outputs.AlertsQueueURL, "/")+1:]
}

// ownLogs returns the log groups of what the system writes about itself.
func (r *Reader) ownLogs() []string {
	groups := []string{r.AccessLog}
	for _, function := range []string{r.Outputs.DrainsFunction, r.Outputs.StorageFunction, r.Outputs.AlertsFunction} {
		if function != "" {
			groups = append(groups, stack.FunctionLogGroup(function))
		}
	}
	return groups
}

// mostReceived is how many messages one call of SQS returns.
const mostReceived = 10

// maxQueries is how many metrics one call returns.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
const maxQueries = 500

// sums returns the sum of each metric, and when the first of them has a value.
func (r *Reader) sums(ctx context.Context, metrics []metric, from, until time.Time) (sums map[metric]float64, since time.Time, err error) {
	sums = make(map[metric]float64, len(metrics))
	for start := 0; start < len(metrics); start += maxQueries {
		part := metrics[start:min(start+maxQueries, len(metrics))]
		in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(from), EndTime: aws.Time(until)}
		byID := make(map[string]metric, len(part))
		for i, m := range part {
			id := fmt.Sprintf("m%d", i)
			byID[id] = m
			in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{
				Id: &id, MetricStat: &types.MetricStat{Metric: m.input(), Period: aws.Int32(int32(r.Period.Seconds())), Stat: aws.String("Sum")},
			})
		}
		pages := cloudwatch.NewGetMetricDataPaginator(r.Client, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, time.Time{}, fmt.Errorf("read the metrics: %w", err)
			}
			for _, result := range page.MetricDataResults {
				for i, value := range result.Values[:min(len(result.Values), len(result.Timestamps))] {
					sums[byID[aws.ToString(result.Id)]] += value
					if at := result.Timestamps[i]; value > 0 && (since.IsZero() || at.Before(since)) {
						since = at
					}
				}
			}
		}
	}
	return sums, since, nil
}
