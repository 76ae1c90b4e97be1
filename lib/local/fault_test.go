package local_test

import (
	"testing"
	"time"

	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
)

func TestParseFault(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]awslocal.Fault{
		"throttling":                {Refuse: awslocal.RefuseThrottled, Rate: 0.5},
		"outage:logs:30s":           {Refuse: awslocal.RefuseUnavailable, Service: "logs", For: 30 * time.Second},
		"outage:10m:api":            {Refuse: awslocal.RefuseUnavailable, Service: "execute-api", For: 10 * time.Minute},
		"lost-answer:sqs:shop:1h2m": {Drop: awslocal.DropAfter, Rate: 0.2, Service: "sqs", Resource: "shop,APP_shop,[APP]shop", For: 62 * time.Minute},
		"duplicates:shop":           {Service: "sqs", Duplicate: true, Rate: 0.5, Resource: "shop,APP_shop,[APP]shop"},
	} {
		got, err := local.ParseFault(text)
		if err != nil || got.Fault != want {
			t.Errorf("%s: %+v, %v", text, got.Fault, err)
		}
	}
	for _, n := range local.Faults() {
		if got, err := local.ParseFault(n.Name); err != nil || got != n {
			t.Errorf("%s: %+v, %v", n.Name, got, err)
		}
	}
	for text, want := range map[string]string{
		"logs:sales:90s":  "CloudWatch Logs takes no lines (only for sales)",
		"outage:api:shop": "all calls fail with status 503 (only calls to api for shop)",
		"slow:cloudwatch": "each call takes a second longer (only calls to cloudwatch)",
		"sqs:5s":          "SQS takes no messages",
	} {
		if got, err := local.ParseFault(text); err != nil || got.Effect != want {
			t.Errorf("%s: %q, %v, want %q", text, got.Effect, err, want)
		}
	}
	for _, text := range []string{"", "flood", "sqs:logs", "outage:sqs:logs", "outage:30s:30s", "outage:-1s", "outage:0s", "outage:Shop", "outage:shop:blog", "outage::", "storage:shop", "freeze:shop"} {
		if got, err := local.ParseFault(text); err == nil {
			t.Errorf("%q was read as %+v", text, got)
		}
	}
}
