package awslocal_test

import (
	"io"
	"net/http"
	"testing"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestDocumentsNeedNoSignature(t *testing.T) {
	server, err := awslocal.Start(awslocal.Options{})
	localtest.Must(t, err)
	t.Cleanup(func() { _ = server.Close() })
	ask := func(method string) (int, string, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, server.AWSURL()+"/_about", nil)
		localtest.Must(t, err)
		resp, err := http.DefaultClient.Do(req)
		localtest.Must(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		localtest.Must(t, err)
		return resp.StatusCode, resp.Header.Get("Server"), string(text)
	}
	if status, server, _ := ask("GET"); status != http.StatusNotFound || server != awslocal.ServerName {
		t.Errorf("without a document: %d from %s", status, server)
	}
	localtest.Must(t, server.SetDocument("/_about", map[string]string{"page": "http://127.0.0.1:1"}))
	if status, server, text := ask("GET"); status != http.StatusOK || server != awslocal.ServerName || text != `{"page":"http://127.0.0.1:1"}` {
		t.Errorf("%d from %s: %s", status, server, text)
	}
	if status, _, _ := ask("POST"); status != http.StatusNotFound {
		t.Errorf("POST: %d", status)
	}
	if server.SetDocument("/_about", func() {}) == nil {
		t.Error("a function is encoded")
	}
}
