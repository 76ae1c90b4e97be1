package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

// pollVariable makes this test a function that polls the Runtime API.
const pollVariable = "PERFORMANCE_TEST_POLLS"

func TestMain(m *testing.M) {
	if os.Getenv(pollVariable) != "" {
		_, err := http.Get("http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/next")
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestStart(t *testing.T) {
	t.Parallel()
	api, err := newIdleAPI()
	if err != nil {
		t.Fatal(err)
	}
	defer api.server.Close()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	poll, cpu, err := api.start(t.Context(), program{binary: self, environ: []string{pollVariable + "=1"}})
	if poll <= 0 || cpu <= 0 || err != nil {
		t.Errorf("a function polled after %s, with %s of CPU, error %v", poll, cpu, err)
	}
	if _, _, err := api.start(t.Context(), program{binary: "/bin/false"}); err == nil || !strings.Contains(err.Error(), "ended before it polled") {
		t.Errorf("a function that ends: error %v", err)
	}
}

func TestPageHasAllPrograms(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../" + pageFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programs() {
		if !strings.Contains(string(page), "\n| "+p.name+" | ") {
			t.Errorf("%s has no row for %s", pageFile, p.name)
		}
	}
}
