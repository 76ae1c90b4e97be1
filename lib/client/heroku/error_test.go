package heroku_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/local/herokufake"
)

func TestErrorText(t *testing.T) {
	tests := map[string]struct {
		err  heroku.Error
		want string
	}{
		"with a kind": {
			heroku.Error{Kind: heroku.ErrNotReady, Status: 422, ID: "invalid_params", Message: "Try again.", RequestID: "r1"},
			"the app is too new to have log drains: try again in a minute (HTTP 422: Try again.)",
		},
		"without a kind": {
			heroku.Error{Status: 422, Message: "Url is invalid", RequestID: "r1"},
			"Heroku rejected the request: HTTP 422: Url is invalid",
		},
		"without a message": {
			heroku.Error{Status: 402},
			"Heroku rejected the request: HTTP 402: Payment Required",
		},
		"a fault of Heroku's": {
			heroku.Error{Kind: heroku.ErrUnavailable, Status: 502, RequestID: "r1"},
			"no usable response from Heroku: check the network and https://status.heroku.com, then try again " +
				"(HTTP 502: Bad Gateway, request id r1)",
		},
		"a fault of Heroku's, without an id": {
			heroku.Error{Kind: heroku.ErrUnavailable, Status: 500, Message: "Oops"},
			"no usable response from Heroku: check the network and https://status.heroku.com, then try again (HTTP 500: Oops)",
		},
	}
	for name, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestAMalformedResponseShowsNoPassword has net/http quote a response that is not HTTP in its error.
func TestAMalformedResponseShowsNoPassword(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = conn.Write([]byte("sorry " + drainURL + "\r\n"))
		_ = conn.Close()
	}))
	defer server.Close()
	_, err := newClient(t, server.URL).Drains(t.Context(), "shop")
	checkError(t, err, heroku.ErrUnavailable)
}

// TestDrainKeywordsOnlyApplyToDrains checks that the words which identify why a drain was rejected have no meaning in other responses.
func TestDrainKeywordsOnlyApplyToDrains(t *testing.T) {
	for _, words := range []string{"not on Fir", "no log channel", "the limit is 1000", "already taken"} {
		f := newFixture(t, herokufake.Options{})
		f.Inject(herokufake.Fault{Status: http.StatusUnprocessableEntity, Message: words})
		_, err := f.client.Drains(t.Context(), "shop")
		checkError(t, err, nil)
	}
}
