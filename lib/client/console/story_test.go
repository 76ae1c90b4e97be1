package console_test

import (
	"net/http"
	"testing"
	"time"

	"heroku-drains/lib/drain"
)

func TestTheStoryOfARequest(t *testing.T) {
	s := serve(t, nil)
	s.put("shop", drain.Patch{})
	s.put("blog", drain.Patch{Format: new("json")})
	at := time.Now().Add(-time.Hour)
	const id = "4c7a6b0e-1b0f-4a52-9a3e-2f7d8c6b5a41"
	s.store("shop", at, `heroku[router]: at=info method=GET path="/x" host=shop.example.com request_id=`+id+` fwd="192.0.2.1" dyno=web.1 connect=1ms service=23ms status=200 bytes=9 protocol=https`)
	s.store("blog", at, "app[web.1]: called by "+id, "app[web.1]: something else")
	var story struct {
		RequestID string           `json:"request_id"`
		Lines     []map[string]any `json:"lines"`
		Requests  []struct {
			App       string  `json:"app"`
			Status    int     `json:"status"`
			ServiceMS float64 `json:"service_ms"`
		} `json:"requests"`
	}
	s.get("/api/story?request_id="+id, &story)
	if story.RequestID != id || len(story.Lines) != 2 || len(story.Requests) != 1 || story.Requests[0].App != "shop" || story.Requests[0].Status != 200 ||
		story.Requests[0].ServiceMS != 23 {
		t.Errorf("%+v", story)
	}
	s.get("/api/story?request_id="+id+"&since=5m", &story)
	if len(story.Lines) != 0 {
		t.Errorf("since: %+v", story)
	}
	for _, query := range []string{"", "request_id=", "request_id=a", "request_id=%22%20x", "request_id=" + id + "&since=soon", "request_id=" + id + "&until=x"} {
		s.refusal(s.request(http.MethodGet, "/api/story?"+query, ""), http.StatusBadRequest)
	}
}
