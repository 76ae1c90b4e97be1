package usage_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"heroku-drains/lib/client/usage"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/ledger"
	"heroku-drains/lib/stack"
)

// metrics are sums by "namespace name dimension=value", with the same value in each of two hours.
type metrics struct {
	t      *testing.T
	values map[string]float64
	asked  int
	calls  int
}

var since = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// GetMetricData returns two pages.
func (m *metrics) GetMetricData(_ context.Context, in *cloudwatch.GetMetricDataInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error) {
	m.calls++
	if len(in.MetricDataQueries) > 500 {
		return nil, errors.New("too many queries")
	}
	out, at := &cloudwatch.GetMetricDataOutput{NextToken: aws.String("next")}, since.Add(time.Hour)
	if in.NextToken != nil {
		out.NextToken, at = nil, since
	} else {
		m.asked += len(in.MetricDataQueries)
	}
	for _, q := range in.MetricDataQueries {
		stat := q.MetricStat
		if *stat.Stat != "Sum" || *stat.Period != 3600 || len(stat.Metric.Dimensions) != 1 {
			m.t.Errorf("%s: %s of %d s", *q.Id, *stat.Stat, *stat.Period)
		}
		d := stat.Metric.Dimensions[0]
		name := fmt.Sprintf("%s %s %s=%s", *stat.Metric.Namespace, *stat.Metric.MetricName, *d.Name, *d.Value)
		result := types.MetricDataResult{Id: q.Id}
		if value, found := m.values[name]; found {
			result.Values, result.Timestamps = []float64{value}, []time.Time{at}
		} else if strings.HasSuffix(name, "=APP_quiet") { // CloudWatch has zeros, too, and older ones
			result.Values, result.Timestamps = []float64{0}, []time.Time{since.Add(-time.Hour)}
		}
		out.MetricDataResults = append(out.MetricDataResults, result)
	}
	return out, nil
}

func TestMonth(t *testing.T) {
	t.Parallel()
	client := &metrics{t: t, values: map[string]float64{
		"AWS/ApiGateway Count ApiId=abc123":                              1100,
		"AWS/Lambda Invocations FunctionName=hd":                         1000,
		"AWS/Lambda Duration FunctionName=hd":                            7500, // 8 ms each, rounded up
		"AWS/Lambda Invocations FunctionName=hd-storage":                 100,
		"AWS/Lambda Duration FunctionName=hd-storage":                    5950,
		"AWS/SQS NumberOfMessagesSent QueueName=APP_shop":                1000,
		"AWS/SQS SentMessageSize QueueName=APP_shop":                     10e6, // 10 kB each: two units to receive ten
		"AWS/SQS NumberOfEmptyReceives QueueName=APP_shop":               180,
		"AWS/SQS NumberOfEmptyReceives QueueName=alerts":                 900,
		"AWS/Logs IncomingBytes LogGroupName=/heroku/apps":               50e6,
		"AWS/Logs IncomingLogEvents LogGroupName=/heroku/apps":           1e6,
		"AWS/Logs IncomingBytes LogGroupName=/aws/lambda/hd-storage":     1000,
		"AWS/Logs IncomingLogEvents LogGroupName=/aws/lambda/hd-storage": 10,
		"AWS/Logs IncomingBytes LogGroupName=/aws/vendedlogs/hd":         2000,
	}}
	reader := usage.Reader{Client: client, AccessLog: "/aws/vendedlogs/hd", Period: time.Hour, Outputs: stack.Outputs{
		APIURL: "https://abc123.execute-api.eu-west-1.amazonaws.com", LogGroup: "/heroku/apps", QueuePrefix: "APP_", DrainsFunction: "hd", StorageFunction: "hd-storage",
		AlertsQueueURL: "https://sqs.eu-west-1.amazonaws.com/1/alerts",
	}}
	apps := []string{"quiet", "shop"}
	m, err := reader.Read(t.Context(), since.Add(-24*time.Hour), since.Add(72*time.Hour), apps)
	if err != nil {
		t.Fatal(err)
	}
	if !m.Since.Equal(since) || client.asked != 1+2*2+2*4+2+3*2 {
		t.Errorf("since %s, %d metrics", m.Since, client.asked)
	}
	const scale = 2 * 10 // two hours with values; three days
	u := m.Month(apps, usage.Settings{Class: cost.InfrequentAccess, Days: 30, Dedup: true, AppMetrics: 2})
	standing := cost.Stack()
	for _, test := range []struct {
		name      string
		got, want float64
	}{
		{"requests", u.GatewayRequests, 1100 * scale},
		{"invocations", u.Drains.Requests, 1000 * scale},
		{"time", u.Drains.GBSeconds, 1000 * scale * 0.008 / 4},
		{"storage time", u.Storage.GBSeconds, 100 * scale * 0.060 / 4},
		{"SQS", u.SQSRequests, (1000 + 100*(2+1)) * scale},
		{"polls", u.SQSPolls, (180+900)*scale + 648_000},
		{"lines", u.LogBytesInfrequent, 76e6 * scale},
		{"standard", u.LogBytes, 0},
		{"own logs", u.OwnLogBytes, (1260 + 2000) * scale},
		{"kept", u.KeptByteMonths, 76e6*scale + 3260*scale*14/30},
		{"claims", u.WriteUnits, 2 * 1000 * scale},
		{"metrics", u.CustomMetrics, standing.CustomMetrics + 4},
		{"alarms", u.Alarms, standing.Alarms},
		{"checks", u.MetricQueries, 2 * 720},
	} {
		if math.Abs(test.got-test.want) > 1e-6*test.want {
			t.Errorf("%s: %g, want %g", test.name, test.got, test.want)
		}
	}

	settings := usage.Settings{Days: 7}
	days := []ledger.Day{{App: "shop", Entry: ledger.Entry{Posts: 900, Stored: 3000}}, {App: "gone", Entry: ledger.Entry{Posts: 100, Stored: 1000}}}
	byApp := m.ByApp(apps, days, settings)
	if len(byApp) != 3 || byApp[0].Name != "gone" || byApp[1].Name != "quiet" || byApp[2].Name != "shop" {
		t.Fatalf("%+v", byApp)
	}
	gone, quiet, shop := byApp[0].Usage, byApp[1].Usage, byApp[2].Usage
	if gone.SQSPolls != 0 || quiet.SQSPolls != 648_000 || shop.SQSPolls != 180*scale || shop.GatewayRequests != 0.9*1100*scale ||
		math.Abs(shop.LogBytes/gone.LogBytes-3) > 1e-9 || quiet.LogBytes != 0 || byApp[2].Posts != 900*10 {
		t.Errorf("%+v", byApp)
	}
	sum := gone.Plus(quiet).Plus(shop)
	if whole := m.Month(apps, settings); math.Abs(sum.LogBytes-whole.LogBytes) > 1 || math.Abs(sum.GatewayRequests-whole.GatewayRequests) > 1e-6 {
		t.Errorf("the apps use %+v of %+v", sum, whole)
	}
	if got := m.ByApp(apps, nil, settings); got != nil {
		t.Errorf("without a ledger: %+v", got)
	}
}

// Nothing was used, of an API that does not tell its ID; and 200 apps have more metrics than a call returns.
func TestNothing(t *testing.T) {
	t.Parallel()
	client := &metrics{t: t}
	reader := usage.Reader{Client: client, Period: time.Hour, Outputs: stack.Outputs{APIURL: "https://drains.example.com", QueuePrefix: "APP_"}}
	m, err := reader.Read(t.Context(), since, since.Add(time.Hour), make([]string, 200))
	if err != nil || !m.Since.IsZero() || client.calls != 2*2 || client.asked != 600 {
		t.Errorf("since %s, %d metrics in %d calls: %v", m.Since, client.asked, client.calls, err)
	}
}
