package cli_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"heroku-drains/docs/costs"
	"heroku-drains/lib/cost"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// An estimate needs no account, and is to the cent what the page says.
func TestCostIsThatOfThePage(t *testing.T) {
	t.Parallel()
	rows := 0
	for _, table := range costs.Tables() {
		if table.Name != "bills" {
			continue
		}
		for _, row := range strings.Split(strings.TrimSpace(table.Text), "\n")[2:] {
			cells := strings.Split(row, " | ")
			apps, gb, total, infrequent := strings.TrimPrefix(cells[0], "| "), cells[1], strings.Trim(cells[8], "*"), strings.TrimSuffix(cells[9], " |")
			for class, want := range map[string]string{"false": total, "true": infrequent} {
				got := command(t, nil, "cost", "--apps", apps, "--gb", gb, "--infrequent-access="+class, "--output", "json")
				var shown struct {
					Data struct {
						Total float64
						Parts []struct{ Dollars float64 }
					}
				}
				localtest.Must(t, json.Unmarshal([]byte(got.stdout), &shown))
				if cents := fmt.Sprintf("%.2f", shown.Data.Total); cents != want {
					t.Errorf("%s apps, %s GB, infrequent access %s: $%s, and the page says $%s", apps, gb, class, cents, want)
				}
				rows++
				sum := -shown.Data.Total
				for _, part := range shown.Data.Parts {
					sum += part.Dollars
				}
				if fmt.Sprintf("%.3f", max(sum, -sum)) != "0.000" {
					t.Errorf("the parts and the total differ by %g", sum)
				}
			}
		}
	}
	if rows != 6 {
		t.Errorf("%d rows", rows)
	}
}

func TestCostOfFigures(t *testing.T) {
	t.Parallel()
	total := func(args ...string) float64 {
		t.Helper()
		got := command(t, nil, append([]string{"cost", "--output", "json"}, args...)...)
		wantCode(t, got, 0)
		var shown struct{ Data struct{ Total float64 } }
		localtest.Must(t, json.Unmarshal([]byte(got.stdout), &shown))
		return shown.Data.Total
	}
	usual := []string{"--apps", "20", "--gb", "50"}
	base := total(usual...)
	for more, want := range map[string]float64{ // by hand
		"--format json":             50 * 0.25 * (0.50 + 0.03*7/30),
		"--retention-days 60":       45 * 0.03 * 53 / 30,
		"--dedup durable":           5 * 2 * 0.625,
		"--app-metrics errors":      20 * 2 * 0.30,
		"--batch 1":                 5 * (0.9*(0.20+0.40+0.25*0.06*1e6*0.0000133334+cost.BatchLine/1e3*(0.50+0.03*14/30)) + 0.40*0.9),
		"--post-size 600 --batch 1": 0, // only that it is accepted
	} {
		got := total(append(strings.Fields(more), usual...)...) - base
		if diff := got - want; want != 0 && (diff > 0.02 || diff < -0.02) {
			t.Errorf("%s costs $%.3f more, want $%.3f", more, got, want)
		}
	}

	got := command(t, nil, "cost", "--apps", "20", "--gb", "50", "--region", "eu-west-1")
	for _, text := range []string{"PART ", "\nAPI Gateway               5 million requests of 512 KB ", " 5.55\n", "\ntotal  ", "\nwith AWS's free tiers "} {
		wantIn(t, "stdout", got.stdout, text)
	}
	for _, text := range []string{"List prices of eu-west-1, read from 2025-07-21 to ", "without taxes", "costs $6.", "--batch 1"} {
		wantIn(t, "stderr", got.stderr, text)
	}
	wantIn(t, "stderr", command(t, nil, "cost", "--apps", "20", "--gb", "50", "--region", "eu-south-2").stderr, "The prices of eu-south-2 are not known here. These are those of us-east-1.")
	for args, text := range map[string]string{
		"--gb 50": "give both --apps and --gb", "--apps 1 --gb -1": "--gb must be 0 to ", "--apps 1.5 --gb 1": "--apps must be a whole number", "--apps 1 --gb nan": "--gb must be 0 to ",
		"--apps 1 --gb 1 --batch 0.5": "--batch must be 1 to 10", "--apps 1 --gb 1 --format xml": "--format must be text or json", "--apps 1 --gb 1 -a shop": "cost does not use -a",
		"--apps 1 --gb 1 --retention-days 8": "--retention-days must be one of 1, 3, 5, 7, 14, 30",
	} {
		got := command(t, nil, append([]string{"cost"}, strings.Fields(args)...)...)
		wantCode(t, got, 2)
		wantIn(t, args, got.stderr, text)
	}
}

func TestCostInARegionThatDoesNotExist(t *testing.T) {
	t.Parallel()
	got := command(t, nil, "cost", "--apps", "1", "--gb", "1", "--region", "nonsense")
	wantCode(t, got, 2)
	wantIn(t, "stderr", got.stderr, "nonsense")
	if got.stdout != "" {
		t.Errorf("stdout: %s", got.stdout)
	}
}

// A local system is measured by its metrics, and the apps have their shares by the ledger.
func TestCostOfTheLocalSystem(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	localtest.AwayFromMidnight(t)
	wantIn(t, "stdout", s.must("put", "-a", "shop", "--no-heroku").stdout, "shop")
	s.must("put", "-a", "blog", "--no-heroku")
	s.log(stack.LocalStorageFunction, `{"message":"batch done","app":"shop","posts":3,"taken":300,"stored":300}`,
		`{"message":"batch done","app":"blog","posts":1,"taken":100,"stored":100}`)
	for range 40 {
		s.store(time.Now(), strings.Repeat("x", 974))
	}
	s.AWS.Advance(2 * time.Second)

	got := s.must("cost", "--output", "json", "--retention-days", "30")
	var shown struct {
		Data struct {
			Since, Until time.Time
			Total        float64
			Parts        []struct {
				Part           string
				Units, Dollars float64
			}
			Apps []struct {
				App                   string
				Posts, Lines, Dollars float64
			}
		}
	}
	localtest.Must(t, json.Unmarshal([]byte(got.stdout), &shown))
	scale := float64(cost.Month) / float64(shown.Data.Until.Sub(shown.Data.Since))
	units := map[string]float64{}
	for _, part := range shown.Data.Parts {
		units[part.Part] = part.Units
	}
	for part, want := range map[string]float64{
		"CloudWatch Logs, ingest": 40_000 * scale, "polling of idle queues": 3 * 648_000, "checks of queues": 2 * 720, "alarms": cost.Alarms + cost.AlertAlarms,
	} {
		if got := units[part]; got < want*0.999 || got > want*1.001 {
			t.Errorf("%s: %g, want about %g", part, got, want)
		}
	}
	if units["API Gateway"] == 0 || units["API Gateway"] != units["Lambda, ingest"] || units["own logs"] == 0 {
		t.Errorf("%v", units)
	}
	apps := shown.Data.Apps
	if len(apps) != 2 || apps[0].App != "blog" || apps[1].Lines < 2.9*apps[0].Lines || apps[1].Posts < 2.9*apps[0].Posts || apps[1].Dollars <= apps[0].Dollars ||
		apps[0].Dollars+apps[1].Dollars >= shown.Data.Total {
		t.Errorf("%+v of %g", apps, shown.Data.Total)
	}

	ireland := s.must("cost", "--region", "eu-west-1") // its prices, because a local system is in no Region
	wantIn(t, "stderr", ireland.stderr, "List prices of eu-west-1, read from ")
	got = s.must("cost", "--days", "1")
	for _, text := range []string{"PART ", "\nAPP  ", "\nshop ", "\nthe stack "} {
		wantIn(t, "stdout", got.stdout, text)
	}
	wantIn(t, "stderr", got.stderr, "Measured since ")
	for args, text := range map[string]string{
		"--days 0": "--days must be 1 to 14", "--days 15": "--days must be 1 to 14", "--batch 3": "--batch is for an estimate: give --apps and --gb, too",
		"--days 3 --apps 1 --gb 1": "give one or the other",
	} {
		got := command(t, nil, s.local(append([]string{"cost"}, strings.Fields(args)...)...)...)
		wantCode(t, got, 2)
		wantIn(t, args, got.stderr, text)
	}
}

// A deployed stack of which CloudWatch knows nothing yet.
func TestCostOfAnUnusedStack(t *testing.T) {
	newCloud(t)
	got := command(t, nil, "cost", "--output", "json")
	wantCode(t, got, 0)
	if got.stdout != "{\n  \"data\": null\n}\n" {
		t.Errorf("stdout: %s", got.stdout)
	}
	wantIn(t, "stderr", got.stderr, "CloudWatch has no usage of the last 7 days.")
}
