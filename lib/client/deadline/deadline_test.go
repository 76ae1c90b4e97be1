package deadline_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/deadline"
)

func TestCauseOr(t *testing.T) {
	errUp := errors.New("not done within 3m0s")
	errAnswer := errors.New("HTTP 503: try later")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(errUp)
	throttled := fmt.Errorf("operation error: %w", &smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded"})
	for name, test := range map[string]struct {
		ctx  context.Context
		err  error
		want string // "": none
	}{
		"time is left":                         {t.Context(), errAnswer, "HTTP 503: try later"},
		"success":                              {t.Context(), nil, ""},
		"success, just before time is up":      {ended, nil, ""},
		"nothing but the end":                  {ended, context.Canceled, "not done within 3m0s"},
		"a request cut short":                  {ended, fmt.Errorf("Get %q: %w", "http://api", context.Canceled), "not done within 3m0s"},
		"the cause itself":                     {ended, fmt.Errorf("wait: %w", errUp), "not done within 3m0s"},
		"an answer":                            {ended, errAnswer, "not done within 3m0s: HTTP 503: try later"},
		"an answer before the last attempt":    {ended, deadline.With(errUp, errAnswer), "not done within 3m0s: HTTP 503: try later"},
		"the same under another context's":     {ended, deadline.With(context.Canceled, errAnswer), "not done within 3m0s: HTTP 503: try later"},
		"an answer of AWS among the SDK's":     {ended, throttled, "not done within 3m0s: api error ThrottlingException: Rate exceeded"},
		"no answer before the only attempt":    {ended, deadline.With(context.Canceled, nil), "not done within 3m0s"},
		"the cause, wrapped without an answer": {ended, fmt.Errorf("look: %w", deadline.With(errUp, nil)), "not done within 3m0s"},
	} {
		got := deadline.CauseOr(test.ctx, test.err)
		if test.want == "" {
			if got != nil {
				t.Errorf("%s: %v, want no error", name, got)
			}
			continue
		}
		if got == nil || got.Error() != test.want {
			t.Errorf("%s: %v, want %s", name, got, test.want)
		}
		if test.ctx == ended && (!errors.Is(got, errUp) || errors.Is(got, errAnswer)) {
			t.Errorf("%s: the error is not the cause alone: %v", name, got)
		}
	}
}

func TestEnd(t *testing.T) {
	errUp, errAnswer := errors.New("not done within 3m0s"), errors.New("HTTP 503: try later")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(errUp)
	if got := deadline.End(ended, nil); got != errUp {
		t.Errorf("after a success: %v, want %v", got, errUp)
	}
	if got := deadline.End(ended, errAnswer); got.Error() != "not done within 3m0s: HTTP 503: try later" {
		t.Errorf("after a failure: %v", got)
	}
}
