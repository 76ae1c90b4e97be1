package awslocal_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// postFaults posts faults, signed with the key of a configuration for a service.
func postFaults(ctx context.Context, t *testing.T, b backend, cfg aws.Config, service, body string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.server.AWSURL()+awslocal.FaultsPath, bytes.NewReader([]byte(body)))
	localtest.Must(t, err)
	if service != "" {
		credentials, err := cfg.Credentials.Retrieve(ctx)
		localtest.Must(t, err)
		sum := sha256.Sum256([]byte(body))
		localtest.Must(t, v4.NewSigner().SignHTTP(ctx, credentials, r, hex.EncodeToString(sum[:]), service, cfg.Region, time.Now()))
	}
	res, err := http.DefaultClient.Do(r)
	localtest.Must(t, err)
	return res
}

// faultCounts reads the counts of posted faults, and returns the status and the body.
func faultCounts(t *testing.T, cfg aws.Config, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	localtest.Must(t, err)
	credentials, err := cfg.Credentials.Retrieve(t.Context())
	localtest.Must(t, err)
	sum := sha256.Sum256(nil)
	localtest.Must(t, v4.NewSigner().SignHTTP(t.Context(), credentials, r, hex.EncodeToString(sum[:]), awslocal.FaultsService, cfg.Region, time.Now()))
	res, err := http.DefaultClient.Do(r)
	localtest.Must(t, err)
	text, err := io.ReadAll(res.Body)
	localtest.Must(t, err)
	localtest.Must(t, res.Body.Close())
	return res.Status + " " + strings.TrimSpace(string(text))
}

// TestPostedFaults checks that posted faults last as long as the connection.
func TestPostedFaults(t *testing.T) {
	t.Parallel()
	s, q, send := faulty(t)
	localtest.Must(t, send(t.Context()))
	body, err := json.Marshal([]awslocal.Fault{{Service: "sqs", Operation: "SendMessage", Refuse: awslocal.RefuseThrottled, For: time.Hour}})
	localtest.Must(t, err)
	ctx, end := context.WithCancel(t.Context())
	res := postFaults(ctx, t, newBackend(s), s.Config(), awslocal.FaultsService, string(body))
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	counts := s.AWSURL() + res.Header.Get(awslocal.FaultsHeader)
	if got := faultCounts(t, s.Config(), counts); got != "200 OK [0]" {
		t.Errorf("at first %s", got)
	}
	wantCode(t, send(t.Context()), "RequestThrottled")
	if got := faultCounts(t, s.Config(), counts); got != "200 OK [1]" {
		t.Errorf("after a call %s", got)
	}
	if got := faultCounts(t, s.ConfigFor("heroku-drains"), counts); !strings.HasPrefix(got, "403 ") {
		t.Errorf("for a function %s", got)
	}
	end()
	waitFor(t, func() bool { return send(t.Context()) == nil })
	waitFor(t, func() bool { return strings.HasPrefix(faultCounts(t, s.Config(), counts), "404 ") })
	if got := q.counts(t); got[0] != "2" {
		t.Errorf("counts %v", got)
	}
}

func TestRejectedFaults(t *testing.T) {
	t.Parallel()
	b := startBackend(t)
	owner, other := b.server.Config(), b.server.ConfigFor("heroku-drains")
	const outage = `[{"Refuse":3}]`
	for _, c := range []struct {
		name, service, body string
		cfg                 aws.Config
		want                int
	}{
		{"not signed", "", outage, owner, http.StatusForbidden},
		{"signed by a function", awslocal.FaultsService, outage, other, http.StatusForbidden},
		{"signed for another service", "sqs", outage, owner, http.StatusForbidden},
		{"not JSON", awslocal.FaultsService, "outage", owner, http.StatusBadRequest},
		{"an unknown member", awslocal.FaultsService, `[{"Flood":1}]`, owner, http.StatusBadRequest},
		{"no fault", awslocal.FaultsService, `[]`, owner, http.StatusBadRequest},
		{"of the disk", awslocal.FaultsService, `[{"Service":"disk"}]`, owner, http.StatusBadRequest},
		{"a rate above 1", awslocal.FaultsService, `[{"Rate":2}]`, owner, http.StatusBadRequest},
		{"a negative time", awslocal.FaultsService, `[{"For":-1}]`, owner, http.StatusBadRequest},
		{"a status of success", awslocal.FaultsService, `[{"Status":200}]`, owner, http.StatusBadRequest},
	} {
		res := postFaults(t.Context(), t, b, c.cfg, c.service, c.body)
		text, err := io.ReadAll(res.Body)
		localtest.Must(t, err)
		localtest.Must(t, res.Body.Close())
		if res.StatusCode != c.want {
			t.Errorf("%s: %s: %s", c.name, res.Status, text)
		}
	}
	newQueue(t, b, "q") // nothing fails
}
