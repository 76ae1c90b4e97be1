package cost_test

import (
	"math"
	"reflect"
	"testing"

	"heroku-drains/lib/cost"
)

// fill returns a usage in which each number is different.
func fill() cost.Usage {
	var u cost.Usage
	n := 0.0
	var set func(v reflect.Value)
	set = func(v reflect.Value) {
		for i := range v.NumField() {
			if v.Field(i).Kind() == reflect.Struct {
				set(v.Field(i))
				continue
			}
			n++
			v.Field(i).SetFloat(n)
		}
	}
	set(reflect.ValueOf(&u).Elem())
	return u
}

// Sums and products have all numbers, and each of them is on the bill.
func TestUsageIsComplete(t *testing.T) {
	t.Parallel()
	u := fill()
	if got := u.Plus(u); got != u.Times(2) || got == u {
		t.Errorf("twice %+v is %+v", u, got)
	}
	p, _ := cost.In(cost.USEast1)
	all := u.Bill(p).Dollars()
	v := reflect.ValueOf(&u).Elem()
	for i := range v.NumField() {
		one := reflect.New(v.Type()).Elem()
		one.Field(i).Set(v.Field(i))
		alone := one.Interface().(cost.Usage)
		if alone.Bill(p).Dollars() <= 0 {
			t.Errorf("%s costs nothing", v.Type().Field(i).Name)
		}
		all -= alone.Bill(p).Dollars()
	}
	if math.Abs(all) > 1e-9 {
		t.Errorf("the parts differ from the total by %g", all)
	}
}

func TestPrices(t *testing.T) {
	t.Parallel()
	for _, region := range []string{cost.USEast1, cost.EUWest1} {
		p, known := cost.In(region)
		if !known || p.Region != region {
			t.Errorf("%s: %v, %v", region, p.Region, known)
		}
		for _, price := range p.All() {
			if price.Dollars <= 0 || price.Units <= 0 || price.What == "" || price.Per == "" || price.Source == "" || price.Date == "" {
				t.Errorf("%s: %+v", region, price)
			}
		}
	}
	if p, known := cost.In("eu-south-2"); known || p.Region != cost.USEast1 {
		t.Errorf("eu-south-2: %v, %v", p.Region, known)
	}
}

// A month of 1 app with 1 GB in POSTs of 10 kB, as JSON, computed by hand.
func TestEstimate(t *testing.T) {
	t.Parallel()
	p, _ := cost.In(cost.USEast1)
	const posts = 1e5
	const stack = 0.40 + 8.64*0.05 + 0.648*0.40 + 14*0.10 + 11*0.30 + 2*3
	const app = 0.648*0.40 + 0.72*0.01
	const time = 0.25 * 0.0000133334
	const pipeline = posts/1e6*(1.00+0.20+0.40*1.2+0.02) + posts*time*(0.008+0.006) + posts*132/1e9*0.50
	const lines = 1.15*0.25 + 1.15*0.03*30/30 + posts*132/1e9*0.03*14/30
	const sweeps = 720*(0.20/1e6+time*0.2) + 720*0.125/1e6
	got := cost.Estimate(cost.Figures{Apps: 1, GB: 1, Format: cost.JSON, Class: cost.InfrequentAccess, Days: 30, Dedup: true, AppMetrics: 2}).Bill(p).Dollars()
	want := stack + app + pipeline + lines + sweeps + 0.1*2*0.625 + 2*0.30
	if math.Abs(got-want) > 0.001 {
		t.Errorf("$%.4f, want $%.4f", got, want)
	}
}

func TestFree(t *testing.T) {
	t.Parallel()
	u := cost.Usage{
		Drains: cost.Run(700_000, 256, 1), Storage: cost.Run(700_000, 256, 2), LogBytes: 4e9, OwnLogBytes: 3e9, LogBytesInfrequent: 1e9, SQSRequests: 5, SQSPolls: 2e6,
		Alarms: 14, Dashboards: 2, Secrets: 1, Emails: 7,
	}
	want := cost.Usage{
		Drains: cost.Function{Requests: 700_000, GBSeconds: 175_000}, Storage: cost.Function{Requests: 300_000, GBSeconds: 225_000},
		LogBytes: 4e9, OwnLogBytes: 1e9, SQSRequests: 5, SQSPolls: 999_995, Alarms: 10, Dashboards: 2, Emails: 7,
	}
	if got := u.Free(); got != want {
		t.Errorf("%+v", got)
	}
}
