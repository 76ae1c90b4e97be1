package drain_test

import (
	"strings"
	"testing"

	"heroku-drains/lib/drain"
)

func TestValidateApp(t *testing.T) {
	tests := []struct {
		app   string
		valid bool
	}{
		{"shop", true},
		{"shop-staging", true},
		{"a1b", true},
		{"a--b", true},
		{"a" + strings.Repeat("-", 28) + "9", true},
		{"a" + strings.Repeat("-", 29) + "9", false},
		{"", false},
		{"ab", false},
		{"1ab", false},
		{"-ab", false},
		{"ab-", false},
		{"Shop", false},
		{"shop_1", false},
		{"shop\n", false},
		{"shöp", false},
		{"../etc", false},
		{strings.Repeat("a", 5000), false},
	}
	for _, test := range tests {
		err := drain.ValidateApp(test.app)
		if test.valid && err != nil {
			t.Errorf("ValidateApp(%q) = %v", test.app, err)
		}
		if test.valid {
			continue
		}
		if refusal := wantError(t, err, drain.InvalidAppName); len(refusal.Message) > 200 {
			t.Errorf("the message for %.20q… has %d bytes", test.app, len(refusal.Message))
		}
	}
}

func TestNames(t *testing.T) {
	names := drain.Names{LogGroup: "/heroku/apps", StreamPrefix: "[APP]", QueuePrefix: "APP_"}
	if got := names.Stream("shop"); got != "[APP]shop" {
		t.Errorf("Stream = %q", got)
	}
	if got := names.Queue("shop"); got != "APP_shop" {
		t.Errorf("Queue = %q", got)
	}
	if app, ok := names.AppOfQueue("APP_shop"); app != "shop" || !ok {
		t.Errorf("AppOfQueue = %q, %v; want shop, true", app, ok)
	}
	for _, queue := range []string{"shop", "APP_", "APP_Shop", "APP_shop.fifo", "app_shop", "APP_shop_dead", "xAPP_shop"} {
		if app, ok := names.AppOfQueue(queue); app != "" || ok {
			t.Errorf("AppOfQueue(%q) = %q, %v; want none", queue, app, ok)
		}
	}
}

func TestAppOfQueueARN(t *testing.T) {
	names := drain.Names{QueuePrefix: "APP_"}
	for arn, want := range map[string]string{
		"arn:aws:sqs:eu-west-1:123456789012:APP_shop":    "shop",
		"arn:aws-cn:sqs:cn-north-1:123456789012:APP_api": "api",
		"arn:aws:sqs:eu-west-1:123456789012:jobs":        "",
		"arn:aws:sns:eu-west-1:123456789012:APP_shop":    "",
		"arn:aws:sqs:eu-west-1:123456789012:x:APP_shop":  "",
		"APP_shop": "",
		"":         "",
	} {
		if app, ok := names.AppOfQueueARN(arn); app != want || ok != (want != "") {
			t.Errorf("AppOfQueueARN(%q) = %q, %t; want %q", arn, app, ok, want)
		}
	}
}
