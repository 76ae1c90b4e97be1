package reach_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"heroku-drains/lib/client/reach"
	"heroku-drains/lib/local/localtest"
)

// silent returns the address of a server that accepts connections and never says anything.
func silent(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
		}
	}()
	return listener.Addr().String()
}

func TestErrors(t *testing.T) {
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.StartTLS()
	untrusted.Config.ErrorLog = nil
	t.Cleanup(untrusted.Close)
	closed, mute := localtest.ReserveAddress(t), silent(t)
	for url, want := range map[string]string{
		"http://" + closed:      "cannot reach " + closed + ": connection refused",
		"https://" + mute:       "cannot reach " + mute + ": no answer within 3s",
		"http://nobody.invalid": "cannot reach nobody.invalid: no", // host has this name, or network connection: resolvers differ
		untrusted.URL:           "cannot reach " + strings.TrimPrefix(untrusted.URL, "https://") + ": its certificate is not trusted (x509: certificate signed by unknown authority)",
	} {
		for name, do := range map[string]func(*http.Request) (*http.Response, error){
			"Transport": reach.NewTransport().RoundTrip,
			"Client":    reach.NewClient(&http.Client{Transport: reach.NewTransport()}).Do,
		} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = do(req)
			found, ok := reach.Find(err)
			if !ok || !strings.HasPrefix(found.Error(), want) || !found.First || found.RetryableError() {
				t.Errorf("%s: %s: %v (%+v), want %s", url, name, err, found, want)
			}
			if refused := errors.Is(err, syscall.ECONNREFUSED); refused != (url == "http://"+closed) {
				t.Errorf("%s: %s: refused: %v", url, name, refused)
			}
		}
	}
}

func TestAHostThatAnsweredBefore(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "yes") }))
	client := &http.Client{Transport: reach.NewTransport()}
	resp, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	server.Close()
	_, err = client.Get(server.URL)
	if found, ok := reach.Find(err); !ok || found.First || !found.RetryableError() {
		t.Errorf("%v: First %v", err, found)
	}
}

func TestTheCallersTimeIsNotTheHosts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+localtest.ReserveAddress(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = reach.NewTransport().RoundTrip(req); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := reach.NewTransport().RoundTrip(req); err != nil {
		if found, ok := reach.Find(err); ok {
			t.Errorf("blames the host: %v", found)
		}
	}
}

func TestErrorsOfOtherClients(t *testing.T) {
	closed := localtest.ReserveAddress(t)
	_, err := http.Get("http://" + closed)
	if found, ok := reach.Find(err); !ok || found.Error() != "cannot reach "+closed+": connection refused" {
		t.Errorf("%v", err)
	}
	if _, ok := reach.Find(errors.New("no")); ok {
		t.Error("any error is one")
	}
}
