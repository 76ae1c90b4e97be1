package logformat_test

import (
	"slices"
	"strings"
	"testing"

	"heroku-drains/lib/logformat"
)

// routerFields are those of a router line whose path looks like figures.
var routerFields = []string{
	"at=info", "method=GET", `path="/search?q=\"teapot\" status=418 service=9ms bytes=1 "`, "host=shop.herokuapp.com", "request_id=8601b555",
	`fwd="204.204.204.204"`, "dyno=web.1", "connect=1ms", "service=18ms", "status=503", "bytes=0", "protocol=https",
}

// strangers are fields and words that no version of the router has written yet.
var strangers = []string{
	"sock=backend", "extra=1", "stream=", "http2_stream_id=17", "alpn", "x=a=b", `note="a"`, `note=""`, `note="bytes=7 status=200 service=2ms "`,
	`note="\"a\" status=200"`, `note="at=info code=H99 "`, `note="status=200 b"`, "", "\t",
}

func wantFigures(t *testing.T, line, service, status string) {
	t.Helper()
	if r := logformat.ReadRouter([]byte(line)); string(r.Service) != service || string(r.Status) != status {
		t.Errorf("service %q and status %q, want %q and %q: %s", r.Service, r.Status, service, status, line)
	}
}

func TestFieldsThatAreNotKnownHideNoFigure(t *testing.T) {
	for _, stranger := range strangers {
		for at := range len(routerFields) + 1 {
			line := strings.Join(slices.Insert(slices.Clone(routerFields), at, stranger), " ")
			wantFigures(t, line, "18ms", "503")
			wantFigures(t, line+"\n", "18ms", "503")
		}
	}
}

func TestFieldsThatAreMissingHideNoFigure(t *testing.T) {
	for at, field := range routerFields {
		for _, end := range append([]string{""}, strangers...) {
			line := strings.Join(append(slices.Delete(slices.Clone(routerFields), at, at+1), end), " ")
			service, status := "18ms", "503"
			switch strings.SplitN(field, "=", 2)[0] {
			case "service":
				service = ""
			case "status":
				status = ""
			}
			wantFigures(t, line, service, status)
		}
	}
}

func TestFieldsThatAreNotKnownHideNeitherTheCodeNorTheLevel(t *testing.T) {
	for _, stranger := range strangers {
		if line := stranger + ` at=error ` + strings.Join(routerFields[1:], " "); string(logformat.RouterLevel([]byte(line))) != "error" {
			t.Errorf("the level is %q: %s", logformat.RouterLevel([]byte(line)), line)
		}
		for at, code := range []string{stranger + " at=error code=H18", "at=error " + stranger + " code=H18", "at=error code=H18 " + stranger} {
			line := code + ` desc="Server Request Interrupted" ` + strings.Join(routerFields[1:], " ")
			if got := string(logformat.ReadRouter([]byte(line)).Code); got != "H18" {
				t.Errorf("%d: the code is %q: %s", at, got, line)
			}
		}
	}
}
