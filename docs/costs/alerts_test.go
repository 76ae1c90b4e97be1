package costs_test

import (
	"strings"
	"testing"

	"heroku-drains/docs/costs"
)

// What the alert system may cost a month, for 20 apps with the default rules.
const mostForAlerts = 3.00

func TestAlertsOfANormalMonthCostLittle(t *testing.T) {
	for _, month := range costs.AlertMonths() {
		if month.Name == "normal" {
			if got := month.Dollars(); got >= mostForAlerts {
				t.Errorf("a normal month costs $%.2f, and must cost less than $%.2f:\n%s", got, mostForAlerts, table(t, "alerts"))
			}
			return
		}
	}
	t.Error("no month is normal")
}

// The normal month, computed by hand: 86,400 reports, each a message that is sent, received and deleted, and 1.2 items of 2 KB.
func TestANormalMonth(t *testing.T) {
	for part, want := range map[string]string{
		"SQS":      "0.10", // 259,200 requests
		"DynamoDB": "0.14", // 207,720 units written, 111,240 read
	} {
		found := false
		for _, row := range strings.Split(table(t, "alerts"), "\n") {
			if cells := strings.Split(row, " | "); strings.TrimPrefix(cells[0], "| ") == part {
				found = true
				if cells[2] != want {
					t.Errorf("%s costs %s, want %s", part, cells[2], want)
				}
			}
		}
		if !found {
			t.Errorf("the table has no row %s", part)
		}
	}
}
