// Package metering says what the traffic of a local system would cost on AWS: from what its embedded AWS has metered, with the prices of lib/cost.
package metering

import (
	"heroku-drains/lib/cost"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// Usage is what was used between two readings of the meter.
type Usage struct {
	System cost.Usage // by the functions, the API, and Lambda's pollers when they received something
	Tools  cost.Usage // by those who call AWS with the local system's own key, such as the CLI and the page
}

// Between returns what was used between two readings. What exists for a time, such as secrets and idle pollers, is not part of it: see Month.
func Between(before, after awslocal.Metered) Usage {
	earlier := make(map[awslocal.Key]int64, len(before.Counts))
	for _, c := range before.Counts {
		earlier[c.Key] = c.Units
	}
	var u Usage
	for _, c := range after.Counts {
		of := &u.System
		if c.Caller == stack.LocalAccessKey {
			of = &u.Tools
		}
		add(of, c.Key, float64(c.Units-earlier[c.Key]))
	}
	return u
}

// gbMilliseconds is how many MB-milliseconds a GB-second has.
const gbMilliseconds = 1024 * 1000

// add adds units to a usage.
func add(u *cost.Usage, key awslocal.Key, units float64) {
	switch key.Unit {
	case awslocal.APIRequests:
		u.GatewayRequests += units
	case awslocal.Invocations:
		if f := function(u, key.Resource); f != nil {
			f.Requests += units
		}
	case awslocal.MBMilliseconds:
		if f := function(u, key.Resource); f != nil {
			f.GBSeconds += units / gbMilliseconds
		}
	case awslocal.QueueRequests:
		u.SQSRequests += units
	case awslocal.IngestedBytes:
		if key.Resource == stack.DefaultLogGroup {
			u.LogBytes += units
		} else {
			u.OwnLogBytes += units
		}
	case awslocal.InfrequentBytes:
		u.LogBytesInfrequent += units
	case awslocal.ScannedBytes:
		u.ScannedBytes += units
	case awslocal.RequestedMetrics:
		u.MetricQueries += units
	case awslocal.WriteUnits:
		u.WriteUnits += units
	case awslocal.HalfReadUnits:
		u.ReadUnits += units / 2
	case awslocal.Publications:
		u.Publishes += units
	case awslocal.Deliveries:
		if key.Resource == "email" {
			u.Emails += units
		}
	case awslocal.SecretCalls:
		u.SecretCalls += units
	}
}

// function returns the usage of a function, or nil for one that the stack does not have.
func function(u *cost.Usage, name string) *cost.Function {
	switch name {
	case stack.LocalDrainsFunction:
		return &u.Drains
	case stack.LocalStorageFunction:
		return &u.Storage
	case stack.LocalAlertsFunction:
		return &u.Alerts
	}
	return nil
}
