package cost

// Item is a part of a bill.
type Item struct {
	Part    string  `json:"part"`
	Units   float64 `json:"units"`
	Unit    string  `json:"unit"` // what is counted, in the plural
	Dollars float64 `json:"dollars"`
}

// Bill is what a Usage costs, part by part.
type Bill []Item

// Dollars returns the total.
func (b Bill) Dollars() float64 {
	total := 0.0
	for _, item := range b {
		total += item.Dollars
	}
	return total
}

// Bill returns what the usage costs without free tiers. It has all parts, in this order, also those that cost nothing.
func (u Usage) Bill(p *Prices) Bill {
	return Bill{
		{"API Gateway", u.GatewayRequests, "requests of 512 KB", p.HTTPAPI.of(u.GatewayRequests)},
		{"Lambda, ingest", u.Drains.Requests, "invocations", u.Drains.dollars(p)},
		{"SQS", u.SQSRequests, "requests of 64 KB", p.SQSRequests.of(u.SQSRequests)},
		{"Lambda, storage", u.Storage.Requests, "invocations", u.Storage.dollars(p)},
		{"CloudWatch Logs, ingest", u.LogBytes + u.LogBytesInfrequent, "bytes", p.LogsStandard.of(u.LogBytes) + p.LogsInfrequent.of(u.LogBytesInfrequent)},
		{"CloudWatch Logs, storage", u.KeptByteMonths, "byte-months", p.LogsKept.of(u.KeptByteMonths)},
		{"own logs", u.OwnLogBytes, "bytes", p.LogsStandard.of(u.OwnLogBytes)},
		{"polling of idle queues", u.SQSPolls, "requests", p.SQSRequests.of(u.SQSPolls)},
		{"checks of queues", u.MetricQueries, "metrics requested", p.MetricData.of(u.MetricQueries)},
		{"DynamoDB, writes", u.WriteUnits, "units of 1 KB", p.WriteUnits.of(u.WriteUnits)},
		{"DynamoDB, reads", u.ReadUnits, "units of 4 KB", p.ReadUnits.of(u.ReadUnits)},
		{"Lambda, alerts", u.Alerts.Requests, "invocations", u.Alerts.dollars(p)},
		{"SNS, notifications", u.Publishes, "requests", p.Published.of(u.Publishes)},
		{"SNS, email", u.Emails, "emails", p.Emails.of(u.Emails)},
		{"Logs Insights", u.ScannedBytes, "bytes scanned", p.LogsScanned.of(u.ScannedBytes)},
		{"signing key", u.Secrets, "secrets", p.Secret.of(u.Secrets)},
		{"reads of the signing key", u.SecretCalls, "calls", p.SecretCalls.of(u.SecretCalls)},
		{"alarms", u.Alarms, "alarms", p.Alarm.of(u.Alarms)},
		{"custom metrics", u.CustomMetrics, "metrics", p.CustomMetric.of(u.CustomMetrics)},
		{"dashboards", u.Dashboards, "dashboards", p.Dashboard.of(u.Dashboards)},
	}
}

// dollars returns what the function's requests and its time cost.
func (f Function) dollars(p *Prices) float64 {
	return p.LambdaRequests.of(f.Requests) + p.LambdaTime.of(f.GBSeconds)
}

// Free returns what AWS does not charge for each month, for ever, if nothing else in the account uses it. u is the usage of a month. The 5 GB of CloudWatch
// Logs are used where they save most.
// https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/sqs/pricing/ https://aws.amazon.com/cloudwatch/pricing/
// https://aws.amazon.com/sns/pricing/
func (u Usage) Free() Usage {
	var free Usage
	take := func(left float64, from, to []*float64) {
		for i := range from {
			*to[i] = min(left, *from[i])
			left -= *to[i]
		}
	}
	of := func(u *Usage) (requests, seconds, queues, logs []*float64) {
		return []*float64{&u.Drains.Requests, &u.Storage.Requests, &u.Alerts.Requests}, []*float64{&u.Drains.GBSeconds, &u.Storage.GBSeconds, &u.Alerts.GBSeconds},
			[]*float64{&u.SQSRequests, &u.SQSPolls}, []*float64{&u.LogBytes, &u.OwnLogBytes, &u.LogBytesInfrequent}
	}
	requests, seconds, queues, logs := of(&u)
	freeRequests, freeSeconds, freeQueues, freeLogs := of(&free)
	take(million, requests, freeRequests)
	take(400_000, seconds, freeSeconds)
	take(million, queues, freeQueues)
	take(5*gigabyte, logs, freeLogs)
	free.Publishes, free.Emails = min(million, u.Publishes), min(1000, u.Emails)
	free.Alarms, free.CustomMetrics, free.Dashboards = min(10, u.Alarms), min(10, u.CustomMetrics), min(3, u.Dashboards)
	return free
}
