package wiring_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/wiring"
)

func TestLoadStorage(t *testing.T) {
	for _, test := range []struct {
		name    string
		environ map[string]string
		want    wiring.StorageConfig
	}{
		{"defaults", nil, wiring.StorageConfig{LogGroup: "/heroku/apps", StreamPrefix: "[APP]", QueuePrefix: "APP_", RetentionDays: 7}},
		{"chosen", map[string]string{"LOG_GROUP_NAME": "/logs", "LOG_STREAM_PREFIX": "app/", "QUEUE_PREFIX": "logs-", "RETENTION_DAYS": "0"},
			wiring.StorageConfig{LogGroup: "/logs", StreamPrefix: "app/", QueuePrefix: "logs-"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := wiring.LoadStorage(test.environ)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("config (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadStorageRefuses(t *testing.T) {
	for _, days := range []string{"-1", "a week"} {
		_, err := wiring.LoadStorage(map[string]string{"RETENTION_DAYS": days})
		if err == nil || !strings.Contains(err.Error(), "RETENTION_DAYS") {
			t.Errorf("RETENTION_DAYS %q: error %v, want one that names the variable", days, err)
		}
	}
}
