package gateway

import (
	"net/http"
	"time"

	"heroku-drains/lib/local/awslocal/internal/meter"
)

// billedBytes is how much of a request to an HTTP API is one request. https://aws.amazon.com/api-gateway/pricing/
const billedBytes = 512 << 10

// exchange is a request, and what became of it.
type exchange struct {
	id      string
	request *http.Request
	began   time.Time
	route   string // its key; empty if none matched
	user    string // ARN of who signed it; empty if nobody did
	sent    int    // bytes of the request's body

	status   int
	answered int      // bytes of the function's response
	refused  *refusal // nil if the function responded
}

// note counts a request and writes its line of the access log. A request that fails authorization is not billed; whether one that matches no route is,
// is not documented. https://repost.aws/questions/QUY2x146iORPmsJHpff8u0eA/
func (g *Gateway) note(x *exchange) {
	if x.refused == nil || x.status != http.StatusForbidden {
		g.config.Meter.Add(meter.Key{Unit: meter.APIRequests}, meter.Parts(x.sent, billedBytes))
	}
	g.mu.RLock()
	log := g.log
	g.mu.RUnlock()
	if log.write != nil {
		log.write(log.line(x))
	}
}
