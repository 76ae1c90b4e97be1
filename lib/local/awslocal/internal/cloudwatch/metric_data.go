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

// getMetricData returns at most one value of each metric, the latest: the age of the oldest message now. It is billed by the number of metrics
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
		at := s.clock.Now().Truncate(q.period)
		if age, ok := s.queues.OldestMessage(q.queue); ok && !at.Before(in.start) && at.Before(in.end) {
			timestamps = append(timestamps, &cbor.Tag{ID: 1, Value: cbor.Float64(at.Unix())})
			values = append(values, cbor.Float64(age.Truncate(time.Second).Seconds()))
		}
		results = append(results, cbor.Map{
			"Id": cbor.String(q.id), "Label": cbor.String(q.queue), "StatusCode": cbor.String("Complete"), "Timestamps": timestamps, "Values": values,
		})
	}
	return cbor.Map{"MetricDataResults": results, "Messages": cbor.List{}}, nil
}

// input is the supported part of a request.
type input struct {
	start, end time.Time // [start, end)
	queries    []query
}

// query asks for the oldest message of a queue.
type query struct {
	id, queue string
	period    time.Duration
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
	known := text(metric["Namespace"]) == "AWS/SQS" && text(metric["MetricName"]) == "ApproximateAgeOfOldestMessage" &&
		text(stat["Stat"]) == "Maximum" && len(dimensions) == 1
	if !known {
		return q, unsupported("any metric but the maximum of ApproximateAgeOfOldestMessage in AWS/SQS, with one dimension")
	}
	dimension := fields(dimensions[0])
	if text(dimension["Name"]) != "QueueName" {
		return q, unsupported("any dimension but QueueName")
	}
	q.queue = text(dimension["Value"])
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
