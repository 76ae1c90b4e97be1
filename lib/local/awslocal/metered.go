package awslocal

import (
	"net/http"
	"slices"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// Count is how many units of something that AWS bills were used, by whom, and of what.
type Count = meter.Count

// Key says what was counted.
type Key = meter.Key

// Unit is something that AWS bills.
type Unit = meter.Unit

// The units. See package meter for what each of them measures, with the pages of the prices.
const (
	APIRequests      = meter.APIRequests
	Invocations      = meter.Invocations
	MBMilliseconds   = meter.MBMilliseconds
	QueueRequests    = meter.QueueRequests
	IngestedBytes    = meter.IngestedBytes
	InfrequentBytes  = meter.InfrequentBytes
	ScannedBytes     = meter.ScannedBytes
	RequestedMetrics = meter.RequestedMetrics
	WriteUnits       = meter.WriteUnits
	HalfReadUnits    = meter.HalfReadUnits
	Publications     = meter.Publications
	Deliveries       = meter.Deliveries
	SecretCalls      = meter.SecretCalls
)

// Metered is what AWS would have billed since the Server was started.
type Metered struct {
	Since  time.Time // when the Server was started, by the clock of the machine
	At     time.Time // now, likewise
	Counts []Count   // in the order in which they began
	// What is billed for as long as it exists: secrets, and event source mappings, whose pollers look for messages all the time.
	Secrets, Polling int
}

// MeterPath is the path of the AWS endpoint that answers a GET with what was Metered, as JSON. The request must be signed like those for FaultsPath.
const MeterPath = "/_local/meter"

// Metered returns what AWS would have billed so far. Calls that a fault kept from a service, those that were throttled, and those of ObserverConfig are not
// billed. Polls that found a queue empty are not among the counts: see Polling.
func (s *Server) Metered() Metered {
	m := Metered{Since: s.started, At: time.Now(), Secrets: s.secrets.Secrets(), Polling: s.lambda.Polling()}
	m.Counts = slices.DeleteFunc(s.meter.Counts(), func(c Count) bool { return c.Caller == observer })
	return m
}

// serveMeter answers a request for MeterPath.
func (s *Server) serveMeter(w http.ResponseWriter, r *http.Request) {
	if _, err := s.readOwners(w, r); err != nil {
		awsapi.WriteError(w, "application/json", err)
		return
	}
	awsapi.WriteJSON(w, http.StatusOK, "application/json", s.Metered())
}
