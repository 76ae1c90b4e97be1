package cost

import "math"

// What AWS bills as one request.
const (
	GatewayUnit = 512 << 10 // bytes of a request to an HTTP API. https://aws.amazon.com/api-gateway/pricing/
	SQSUnit     = 64 << 10  // bytes of a call of SQS. https://aws.amazon.com/sqs/pricing/
	WriteUnit   = 1 << 10   // bytes of an item that DynamoDB writes. https://aws.amazon.com/dynamodb/pricing/on-demand/
	ReadUnit    = 4 << 10   // bytes of an item that DynamoDB reads consistently

	// EventOverhead is what CloudWatch Logs adds to the bytes of each event.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
	EventOverhead = 26
)

// Units returns how many requests AWS bills for a call with a number of bytes: at least one.
func Units(bytes, unit float64) float64 { return max(1, math.Ceil(bytes/unit)) }

// Usage is how much was used of what AWS bills, in any time. The zero Usage costs nothing.
type Usage struct {
	GatewayRequests float64 // requests of up to 512 KB to the HTTP API

	Drains, Storage, Alerts Function

	SQSRequests float64 // calls, for each 64 KB: sends, receives that return messages, deletes
	SQSPolls    float64 // receives that return nothing

	LogBytes           float64 // ingested in the log class Standard, with EventOverhead for each event
	LogBytesInfrequent float64 // likewise, in Infrequent Access
	OwnLogBytes        float64 // likewise, in Standard: the access log, and what the functions write into their own logs
	KeptByteMonths     float64 // bytes stored, times months, as CloudWatch Logs compresses them; at most those that were ingested
	ScannedBytes       float64 // by queries of Logs Insights

	WriteUnits, ReadUnits float64 // of DynamoDB, for each 1 KB written and each 4 KB read consistently
	Publishes, Emails     float64 // of SNS
	SecretCalls           float64
	MetricQueries         float64 // metrics that GetMetricData was asked for

	// Those that exist for a time, times months.
	Secrets, Alarms, CustomMetrics, Dashboards float64
}

// Function is how much a Lambda function was used.
type Function struct {
	Requests  float64
	GBSeconds float64
}

// Run returns the use of a function by a number of invocations that take so many seconds each, with so many MB of memory.
func Run(invocations float64, memoryMB int, seconds float64) Function {
	return Function{Requests: invocations, GBSeconds: invocations * float64(memoryMB) / 1024 * seconds}
}

// Plus returns the sum of two usages.
func (u Usage) Plus(other Usage) Usage {
	others := other.fields()
	for i, value := range u.fields() {
		*value += *others[i]
	}
	return u
}

// Times returns the usage, multiplied.
func (u Usage) Times(factor float64) Usage {
	for _, value := range u.fields() {
		*value *= factor
	}
	return u
}

// fields returns all numbers.
func (u *Usage) fields() []*float64 {
	return []*float64{
		&u.GatewayRequests, &u.Drains.Requests, &u.Drains.GBSeconds, &u.Storage.Requests, &u.Storage.GBSeconds, &u.Alerts.Requests, &u.Alerts.GBSeconds,
		&u.SQSRequests, &u.SQSPolls, &u.LogBytes, &u.LogBytesInfrequent, &u.OwnLogBytes, &u.KeptByteMonths, &u.ScannedBytes,
		&u.WriteUnits, &u.ReadUnits, &u.Publishes, &u.Emails, &u.SecretCalls, &u.MetricQueries,
		&u.Secrets, &u.Alarms, &u.CustomMetrics, &u.Dashboards,
	}
}
