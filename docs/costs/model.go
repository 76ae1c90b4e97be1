// Package costs computes the tables of docs/costs.md from AWS's list prices and from what the stack does with a POST: see package cost.
package costs

import (
	"encoding/base64"
	"fmt"
	"time"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/envelope"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

// directTime is how long a function runs that writes to CloudWatch Logs before it responds, in seconds: an assumption.
const directTime = 0.030

const million = 1_000_000

// regions are the Regions of the page, of which the first has the tables that are for one Region.
var regions = []string{cost.USEast1, cost.EUWest1}

// pricesIn returns the prices of one of the regions.
func pricesIn(region string) *cost.Prices {
	p, known := cost.In(region)
	if !known {
		panic("no prices of " + region)
	}
	return p
}

// architecture is a pipeline from Heroku's POST to CloudWatch Logs.
type architecture struct {
	name    string
	gateway gateway
	queued  bool // through SQS and a second function; otherwise the first function writes to CloudWatch Logs
}

// gateway is what receives POSTs.
type gateway int

const (
	httpAPI gateway = iota
	restAPI
	functionURL // free
)

// architectures are the alternatives. The first is this stack's.
var architectures = []architecture{
	{name: "**HTTP API → SQS → Logs (this stack)**", queued: true},
	{name: "REST API → SQS → Logs", gateway: restAPI, queued: true},
	{name: "Function URL → SQS → Logs", gateway: functionURL, queued: true},
	{name: "HTTP API → Logs"},
	{name: "Function URL → Logs", gateway: functionURL},
}

// bill returns the bill of a million POSTs of this size, without CloudWatch Logs.
func (a architecture) bill(p *cost.Prices, kilobytes int) cost.Bill {
	u := cost.Posts(million, float64(kilobytes*1000), cost.BatchSize)
	if !a.queued {
		u.Drains, u.SQSRequests, u.Storage = cost.Run(million, stack.DrainsMemoryMB, directTime), 0, cost.Function{}
		u.OwnLogBytes = million * cost.AccessLine
	}
	switch a.gateway {
	case restAPI:
		other := *p
		other.HTTPAPI = p.RESTAPI
		p = &other
	case functionURL:
		u.GatewayRequests = 0
		u.OwnLogBytes -= million * cost.AccessLine
	}
	return u.Bill(p)
}

// perMillion returns the cost of a million POSTs, without CloudWatch Logs.
func (a architecture) perMillion(p *cost.Prices, kilobytes int) float64 {
	return a.bill(p, kilobytes).Dollars()
}

// perGB returns the total cost of a GB. A million POSTs of 1 kB is a GB.
func (a architecture) perGB(p *cost.Prices, kilobytes int, ingest cost.Price) float64 {
	return a.perMillion(p, kilobytes)/float64(kilobytes) + ingest.Dollars
}

// logged returns the cost of a million log lines of the stack's own, of so many bytes.
func logged(p *cost.Prices, bytes float64) float64 {
	return cost.Usage{OwnLogBytes: million * bytes}.Bill(p).Dollars()
}

// SealedSize returns the length, in bytes, of the SQS message for a POST of simulated traffic.
func SealedSize(bytes int) int {
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	generator := simulate.New("shop", 1)
	var body []byte
	for len(body) < bytes {
		body = logplex.AppendFrame(body, generator.Next(at))
	}
	body = body[:bytes]
	header := envelope.Header{
		App: "shop", DrainToken: generator.Token(), FrameID: "0123456789ABCDEF0123456789ABCDEF", RequestID: "0123456789ABCDE=",
		MsgCount: 10, ReceivedAt: at,
	}
	sealed, err := envelope.Seal(header, base64.StdEncoding.EncodeToString(body), true)
	if err != nil || len(sealed) != 1 {
		panic(fmt.Sprintf("a POST of %d bytes has %d messages, want one: %v", bytes, len(sealed), err))
	}
	return len(sealed[0])
}
