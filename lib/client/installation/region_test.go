package installation_test

import (
	"errors"
	"net"
	"net/http"
	"testing"

	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/installation"
)

// nobody is a network in which no host exists.
type nobody struct{}

func (nobody) Do(req *http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Name: req.URL.Hostname(), Err: "no such host", IsNotFound: true}}
}

func TestWhyAHostOfAWSDoesNotExist(t *testing.T) {
	for name, test := range map[string]struct {
		url    string
		online bool
		want   string
	}{
		"no such Region": {"https://logs.us-east-9.amazonaws.com/", true, "there is no AWS Region us-east-9"},
		"no network":     {"https://logs.us-east-9.amazonaws.com/", false, "cannot reach logs.us-east-9.amazonaws.com: no network connection"},
		"another host":   {"https://aws.example.com/", true, "cannot reach aws.example.com: no host has this name"},
	} {
		asked := ""
		client := installation.NewRegionClient(nobody{}, "us-east-9", func(host string) bool { asked = host; return test.online })
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, test.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Do(req)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
		if _, noRegion := errors.AsType[*cause.RegionError](err); noRegion != (name == "no such Region") {
			t.Errorf("%s: %T", name, err)
		}
		if asked != "" && asked != "sts.amazonaws.com" {
			t.Errorf("%s: looked up %s", name, asked)
		}
	}
}
