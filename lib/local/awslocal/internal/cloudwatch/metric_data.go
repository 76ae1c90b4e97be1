package cloudwatch

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// maxQueries: "A single GetMetricData call can include as many as 500 MetricDataQuery structures."
const maxQueries = 500

// idPattern is the form of a query's ID: "The first character must be a lowercase letter."
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
var idPattern = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]{0,254}$`)

func validation(format string, args ...any) error {
	return awsapi.Errorf(http.StatusBadRequest, "ValidationError", format, args...)
}

func unsupported(what string) error {
	return awsapi.Errorf(http.StatusBadRequest, "InvalidParameterValue", "the embedded AWS does not implement %s", what)
}

// getMetricData returns the sums of the metrics that services publish, and of the age of the oldest message at most one value, the latest. It is billed by the number of metrics
// that were asked for.
// https://aws.amazon.com/cloudwatch/pricing/
func (s *Service) getMetricData(ctx context.Context, body []byte) (cbor.Value, error) {
	in, err := readInput(body)
	if err != nil {
		return nil, err
	}
	s.meter.Add(meter.Key{Unit: meter.RequestedMetrics, Caller: awsapi.Caller(ctx)}, int64(len(in.queries)))
	var results cbor.List
	for _, q := range in.queries {
		timestamps, values := cbor.List{}, cbor.List{}
		for _, sum := range s.values(q, in.start, in.end) {
			timestamps = append(timestamps, &cbor.Tag{ID: 1, Value: cbor.Float64(sum.At.Unix())})
			values = append(values, cbor.Float64(sum.Value))
		}
		results = append(results, cbor.Map{
			"Id": cbor.String(q.id), "Label": cbor.String(q.metric.Value), "StatusCode": cbor.String("Complete"), "Timestamps": timestamps, "Values": values,
		})
	}
	return cbor.Map{"MetricDataResults": results, "Messages": cbor.List{}}, nil
}

// values returns a metric's values, the latest first.
func (s *Service) values(q query, start, end time.Time) []meter.Sum {
	if q.metric.Name != oldestMessage {
		return s.meter.Sums(q.metric, start, end, q.period)
	}
	at := s.clock.Now().Truncate(q.period)
	age, ok := s.queues.OldestMessage(q.metric.Value)
	if !ok || at.Before(start) || !at.Before(end) {
		return nil
	}
	return []meter.Sum{{At: at, Value: age.Truncate(time.Second).Seconds()}}
}

// oldestMessage is the metric that is not a sum of what was published.
const oldestMessage = "ApproximateAgeOfOldestMessage"

// input is the supported part of a request.
type input struct {
	start, end time.Time // [start, end)
	queries    []query
}

// query asks for a metric.
type query struct {
	id     string
	metric meter.Metric
	period time.Duration
}

func readInput(body []byte) (in input, err error) {
	decoded, err := cbor.Decode(body)
	members, ok := decoded.(cbor.Map)
	if err != nil || !ok {
		return in, awsapi.Errorf(http.StatusBadRequest, "SerializationException", "the request is not a map in CBOR")
	}
	for name := range members {
		if name != "StartTime" && name != "EndTime" && name != "MetricDataQueries" {
			return in, unsupported("the parameter " + name)
		}
	}
	if in.start, err = cbor.AsTime(members["StartTime"]); err != nil {
		return in, validation("The parameter StartTime is required.")
	}
	if in.end, err = cbor.AsTime(members["EndTime"]); err != nil {
		return in, validation("The parameter EndTime is required.")
	}
	if !in.start.Before(in.end) {
		return in, validation("The parameter StartTime must be less than the parameter EndTime.")
	}
	in.start = in.start.Truncate(time.Minute) // "Round down to the nearest whole minute"
	list, _ := members["MetricDataQueries"].(cbor.List)
	if len(list) == 0 || len(list) > maxQueries {
		return in, validation("The parameter MetricDataQueries must have 1 to %d members, not %d.", maxQueries, len(list))
	}
	seen := map[string]bool{}
	for _, member := range list {
		q, err := readQuery(member)
		if err != nil {
			return in, err
		}
		if seen[q.id] {
			return in, validation("The values for parameter id in MetricDataQueries are not unique.")
		}
		seen[q.id] = true
		in.queries = append(in.queries, q)
	}
	return in, nil
}

func readQuery(member cbor.Value) (q query, err error) {
	m := fields(member)
	q.id = text(m["Id"])
	if !idPattern.MatchString(q.id) {
		return q, validation("The value %s for parameter MetricDataQueries.member.Id is not matching the expected pattern.", q.id)
	}
	stat := fields(m["MetricStat"])
	if len(m) != 2 || len(stat) != 3 {
		return q, unsupported("queries with other members than Id and MetricStat, or a MetricStat with other members than Metric, Period and Stat")
	}
	seconds, err := cbor.AsInt32(stat["Period"])
	if err != nil || seconds < 60 || seconds%60 != 0 {
		return q, validation("Period must be a multiple of 60.")
	}
	q.period = time.Duration(seconds) * time.Second
	metric := fields(stat["Metric"])
	dimensions, _ := metric["Dimensions"].(cbor.List)
	if len(dimensions) != 1 {
		return q, unsupported("metrics without exactly one dimension")
	}
	dimension := fields(dimensions[0])
	q.metric = meter.Metric{
		Namespace: text(metric["Namespace"]), Name: text(metric["MetricName"]), Dimension: text(dimension["Name"]), Value: text(dimension["Value"]),
	}
	oldest, statistic := q.metric == meter.OfQueue(oldestMessage, q.metric.Value), text(stat["Stat"])
	if !(oldest && statistic == "Maximum" || q.metric.IsPublished() && statistic == "Sum") {
		return q, unsupported("the statistic " + statistic + " of " + q.metric.Name + " in " + q.metric.Namespace + " by " + q.metric.Dimension)
	}
	return q, nil
}

func fields(v cbor.Value) cbor.Map {
	m, _ := v.(cbor.Map)
	return m
}

func text(v cbor.Value) string {
	s, _ := v.(cbor.String)
	return string(s)
}
