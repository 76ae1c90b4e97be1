// Package meter counts what AWS would bill.
package meter

import (
	"sync"
	"sync/atomic"
)

// Unit is something that AWS bills. What it measures is in the comment of each.
type Unit string

// The units, each with the page of its price.
const (
	// APIRequests are requests to an HTTP API, each 512 KB of a request being one. https://aws.amazon.com/api-gateway/pricing/
	APIRequests Unit = "api-requests"
	// Invocations are requests of Lambda, and MBMilliseconds the time that they are billed for, times the memory of the function: 1,024,000 are a
	// GB-second. https://aws.amazon.com/lambda/pricing/
	Invocations    Unit = "invocations"
	MBMilliseconds Unit = "mb-milliseconds"
	// QueueRequests are requests of SQS, each 64 KB of messages being one. https://aws.amazon.com/sqs/pricing/
	QueueRequests Unit = "queue-requests"
	// IngestedBytes and InfrequentBytes are what CloudWatch Logs ingests, by class of the log group, and ScannedBytes what its queries read.
	// https://aws.amazon.com/cloudwatch/pricing/
	IngestedBytes   Unit = "ingested-bytes"
	InfrequentBytes Unit = "infrequent-bytes"
	ScannedBytes    Unit = "scanned-bytes"
	// RequestedMetrics are the metrics that GetMetricData is asked for. https://aws.amazon.com/cloudwatch/pricing/
	RequestedMetrics Unit = "requested-metrics"
	// WriteUnits are DynamoDB's write request units, and HalfReadUnits twice its read request units, because an eventually consistent read of up to 4 KB
	// takes half a unit. https://aws.amazon.com/dynamodb/pricing/on-demand/
	WriteUnits    Unit = "write-units"
	HalfReadUnits Unit = "half-read-units"
	// Publications are requests of SNS, each 64 KB of a message being one, and Deliveries are messages for subscriptions, by protocol.
	// https://aws.amazon.com/sns/pricing/
	Publications Unit = "publications"
	Deliveries   Unit = "deliveries"
	// SecretCalls are calls of Secrets Manager. https://aws.amazon.com/secrets-manager/pricing/
	SecretCalls Unit = "secret-calls"
)

// Key says what was counted.
type Key struct {
	Unit     Unit
	Caller   string // the access key; empty if it does not matter
	Resource string // a function, a log group, a queue or a protocol; empty if it does not matter
}

// Count is how many units there were.
type Count struct {
	Key
	Units int64
}

// Meter counts. It is safe for concurrent use. A nil Meter counts nothing.
type Meter struct {
	mu    sync.RWMutex
	units map[Key]*atomic.Int64
	keys  []Key // in the order in which they were first counted

	series series
}

// New returns a Meter that has counted nothing.
func New() *Meter { return &Meter{units: make(map[Key]*atomic.Int64)} }

// Add counts units.
func (m *Meter) Add(k Key, units int64) {
	if m != nil && units != 0 {
		m.counter(k).Add(units)
	}
}

func (m *Meter) counter(k Key) *atomic.Int64 {
	m.mu.RLock()
	found := m.units[k]
	m.mu.RUnlock()
	if found != nil {
		return found
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.units[k] == nil {
		m.units[k] = new(atomic.Int64)
		m.keys = append(m.keys, k)
	}
	return m.units[k]
}

// Counts returns everything that was counted so far, in the order in which it was first counted.
func (m *Meter) Counts() []Count {
	m.mu.RLock()
	defer m.mu.RUnlock()
	all := make([]Count, 0, len(m.keys))
	for _, k := range m.keys {
		all = append(all, Count{k, m.units[k].Load()})
	}
	return all
}

// Parts returns how many units of a size a number of bytes are: at least one.
func Parts(bytes, size int) int64 { return int64(max(1, (bytes+size-1)/size)) }
