package costs_test

import (
	"math"
	"testing"

	"heroku-drains/docs/costs"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/logformat"
)

// The small table of package cost, which links no simulator, has the sizes of messages that the drains function makes of simulated traffic.
func TestSizesOfMessages(t *testing.T) {
	for _, bytes := range []int{1, 100, 1000, 4000, 4095, 4096, 5000, 6000, 7000, 10_000, 12_000, 17_000, 25_000, 35_000, 50_000, 60_000, 80_000, 100_000, 150_000, 300_000, 600_000} {
		if got, want := cost.SealedSize(float64(bytes)), float64(costs.SealedSize(bytes)); math.Abs(got-want) > want*0.1 {
			t.Errorf("%d bytes: the table says %.0f, and the message has %.0f", bytes, got, want)
		}
	}
	for _, kilobytes := range []int{1, 4, 10, 50} {
		got, want := cost.SealedSize(float64(kilobytes*1000)), float64(costs.SealedSize(kilobytes*1000))
		if one, ten := cost.Units(got, cost.SQSUnit) == cost.Units(want, cost.SQSUnit), cost.Units(10*got, cost.SQSUnit) == cost.Units(10*want, cost.SQSUnit); !one || !ten {
			t.Errorf("%d kB: other requests are billed for %.0f bytes than for %.0f", kilobytes, got, want)
		}
	}
}

func TestLengthsOfFormats(t *testing.T) {
	for format, measured := range map[cost.Format]logformat.Format{cost.Text: logformat.Text(), cost.JSON: logformat.JSON()} {
		if got, want := format.Billed(), costs.BilledBytes(measured); math.Abs(got-want) > 0.005 {
			t.Errorf("%s: %.2f bytes are priced for each byte sent, and %.3f are stored", format, got, want)
		}
	}
}
