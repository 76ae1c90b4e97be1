package metering_test

import (
	"math"
	"testing"
	"time"

	"heroku-drains/lib/cost"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/metering"
	"heroku-drains/lib/stack"
)

// reading returns a reading of the meter, after a time in which there were so many of each unit.
func reading(after time.Duration, units int64) awslocal.Metered {
	m := awslocal.Metered{At: time.Unix(1_795_000_000, 0).Add(after), Secrets: 1, Polling: 3}
	for _, key := range []awslocal.Key{
		{Unit: awslocal.APIRequests},
		{Unit: awslocal.QueueRequests, Caller: stack.LocalDrainsFunction},
		{Unit: awslocal.MBMilliseconds, Resource: stack.LocalStorageFunction},
		{Unit: awslocal.IngestedBytes, Caller: stack.LocalStorageFunction, Resource: stack.DefaultLogGroup},
		{Unit: awslocal.IngestedBytes, Resource: stack.LocalAccessLogGroup},
		{Unit: awslocal.SecretCalls, Caller: stack.LocalDrainsFunction},
		{Unit: awslocal.ScannedBytes, Caller: stack.LocalAccessKey},
		{Unit: awslocal.HalfReadUnits, Caller: stack.LocalAlertsFunction},
	} {
		m.Counts = append(m.Counts, awslocal.Count{Key: key, Units: units})
	}
	return m
}

func TestOnlyTrafficIsMultiplied(t *testing.T) {
	m, ok := metering.MonthAt(reading(0, 1000), reading(time.Minute, 1000+1024))
	if !ok || m.Seen != time.Minute || m.Posts != 1024 {
		t.Fatalf("got %+v, %t", m, ok)
	}
	const minutes = 60 * 24 * 30
	got := m.Traffic
	got.KeptByteMonths = 0
	want := cost.Usage{
		GatewayRequests: 1024 * minutes, SQSRequests: 1024 * minutes, Storage: cost.Function{GBSeconds: minutes / 1000.0},
		LogBytes: 1024 * minutes, OwnLogBytes: 1024 * minutes, ReadUnits: 512 * minutes,
	}
	if got != want {
		t.Errorf("traffic %+v, want %+v", got, want)
	}
	if kept := m.Traffic.KeptByteMonths; kept != want.LogBytes*stack.DefaultRetentionDays/30 {
		t.Errorf("%.0f bytes are kept for a month", kept)
	}
	prices, _ := cost.In(cost.USEast1)
	bill := m.Bill(prices)
	standing := cost.Stack().Plus(cost.App().Times(2)).Bill(prices).Dollars() // three queues: of the alerts, and of two drains
	if got := bill.Dollars() - m.Traffic.Bill(prices).Dollars(); math.Abs(got-standing) > 1e-9 || bill[len(bill)-2].Units != 2 {
		t.Errorf("standing $%.2f, want $%.2f; bill %+v", got, standing, bill)
	}
	if tools := metering.Between(reading(0, 0), reading(0, 7)).Tools; tools != (cost.Usage{ScannedBytes: 7}) {
		t.Errorf("the CLI used %+v", tools)
	}
}

func TestTooLittleTrafficSaysNothing(t *testing.T) {
	if m, ok := metering.MonthAt(reading(0, 0), reading(metering.Least-1, 1000)); ok {
		t.Errorf("after too short a time: %+v", m)
	}
	if m, ok := metering.MonthAt(reading(0, 5), reading(time.Hour, 5)); ok {
		t.Errorf("without requests: %+v", m)
	}
}
