package awslocal_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestScheduleRunsAFunctionAtAnInterval(t *testing.T) {
	server := localtest.StartAWS(t, awslocal.Options{})
	inputs := make(chan string)
	_, err := server.AddFunction(awslocal.Function{
		Name: "check", Timeout: time.Second, MemoryMB: 128,
		Handler: func(_ context.Context, payload []byte) ([]byte, error) {
			inputs <- string(payload)
			return nil, errors.New("it fails, and runs again")
		},
	})
	localtest.Must(t, err)
	server.AddSchedule(awslocal.Schedule{Function: "check", Input: []byte(`{"routeKey":"x"}`), Every: time.Hour})
	server.Advance(59 * time.Minute)
	select {
	case <-inputs:
		t.Error("it ran before the first interval had passed")
	default:
	}
	for range 3 { // one run each: Close would wait for another one
		server.Advance(3 * time.Hour)
		if input := <-inputs; input != `{"routeKey":"x"}` {
			t.Errorf("input %s", input)
		}
	}
}
