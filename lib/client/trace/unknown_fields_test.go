package trace_test

import (
	"testing"
	"time"
)

func TestFieldsThatAreNotKnownHideNothingOfARequest(t *testing.T) {
	for _, end := range []string{
		"service=190ms status=503 bytes=0 protocol=https sock=backend", "service=190ms status=503 bytes=0 protocol=https empty=",
		`service=190ms queue=3ms status=503 cache=miss bytes=0 note="status=200 service=1ms "`,
	} {
		inEach(t, func(t *testing.T, s *store) {
			now := time.Now().Truncate(time.Second)
			s.put(now.Add(-time.Minute), "shop", "heroku", "router", `at=error code=H18 desc="Server Request Interrupted" method=GET `+
				`path="/search?q=\"teapot\" status=418 dyno=web.9 " host=shop.example request_id=`+id+` fwd="192.0.2.1" dyno=web.1 connect=1ms `+end)
			story := s.find(now.Add(-time.Hour), now)
			if len(story.Requests) != 1 {
				t.Fatalf("requests %+v", story.Requests)
			}
			r := story.Requests[0]
			if r.Status != 503 || r.ServiceMS == nil || *r.ServiceMS != 190 || r.Dyno != "web.1" || r.Bytes == nil || *r.Bytes != 0 || r.Code != "H18" {
				t.Errorf("%s: %+v", end, r)
			}
		})
	}
}
