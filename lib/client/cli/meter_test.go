package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// slowAWS returns the AWS endpoint of a system on whose meter a minute passes between two readings.
func slowAWS(t *testing.T, system *local.System) string {
	t.Helper()
	target, err := url.Parse(system.AWS.AWSURL())
	localtest.Must(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // is signed
	}}
	var readings atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != awslocal.MeterPath {
			proxy.ServeHTTP(w, r)
			return
		}
		m := system.AWS.Metered()
		m.At = m.Since.Add(time.Duration(readings.Add(1)) * time.Minute)
		w.Header().Set("Server", awslocal.ServerName)
		_ = json.NewEncoder(w).Encode(m) // the client sees it
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestSimulateSaysWhatAMonthWouldCost(t *testing.T) {
	system := localtest.Start(t, local.Options{})
	flags := []string{"--local", "--local-api-url", system.AWS.APIURL(), "--local-aws-url", slowAWS(t, system), "simulate", "-a", "shop", "--size", "1"}
	got := command(t, nil, append(flags, "--lines", "50")...)
	wantCode(t, got, 0)
	wantIn(t, "stderr", got.stderr, "At the rate of the last 1m (0.833 POSTs per second of all apps of the local system), AWS would charge about $", "a month, at list prices of us-east-1 without free tiers:\n",
		"\n  API Gateway  ", "  2.16 million requests of 512 KB  $2.16\n", "\n  fixed cost of the stack  ")

	got = command(t, nil, append(flags, "--lines", "25", "--output", "json")...)
	wantCode(t, got, 0)
	var printed struct {
		Data struct {
			Month struct {
				Posts, Total float64
				Parts        []struct{ Part string }
			} `json:"month_on_aws"`
		}
	}
	localtest.Must(t, json.Unmarshal([]byte(got.stdout), &printed))
	if m := printed.Data.Month; m.Posts != 25 || m.Total < 1 || len(m.Parts) == 0 || m.Parts[0].Part != "API Gateway" {
		t.Errorf("month_on_aws: %+v", m)
	}
}

func TestSimulateSaysNothingOfAMonthAfterTooShortATime(t *testing.T) {
	system := localtest.Start(t, local.Options{})
	got := command(t, nil, "--local", "--local-api-url", system.AWS.APIURL(), "--local-aws-url", system.AWS.AWSURL(), "simulate", "-a", "shop", "--lines", "5")
	wantCode(t, got, 0)
	if strings.Contains(got.stderr, "a month") {
		t.Error(got.stderr)
	}
}
