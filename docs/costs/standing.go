package costs

import (
	"fmt"
	"slices"

	"heroku-drains/lib/cost"
	"heroku-drains/lib/stack"
)

// perApp returns the cost of a drain that receives nothing: of polling its queue, and of checking how old its messages are.
func perApp() string {
	rows := [][]string{append([]string{"each app", "requests a month"}, regions...)}
	add := func(name string, requests float64, u cost.Usage) {
		row := []string{name, fmt.Sprint(int(requests))}
		for _, region := range regions {
			row = append(row, dollars(u.Bill(pricesIn(region)).Dollars()))
		}
		rows = append(rows, row)
	}
	for _, n := range []int{cost.FewestPollers, cost.MostPollers} {
		u := cost.Polls(n)
		add(fmt.Sprintf("%d pollers", n), u.SQSPolls, u)
	}
	add("hourly check for old messages", cost.Checks().MetricQueries, cost.Checks())
	return markdown(rows)
}

// perStack returns the monthly cost of a stack without drains.
func perStack(p *cost.Prices) string {
	u := cost.Stack()
	free := u.Free()
	paid := u.Plus(cost.Usage{Alarms: free.Alarms, CustomMetrics: free.CustomMetrics, Dashboards: free.Dashboards}.Times(-1))
	bill, rest := u.Bill(p), paid.Bill(p)
	rows := [][]string{{"part", "count", "each", "a month", "with CloudWatch's free tier"}}
	for _, s := range []struct {
		part, name string
		price      cost.Price
	}{
		{"signing key", "signing key", p.Secret},
		{"reads of the signing key", "reads of the signing key, 10,000 (one busy environment of the drains function)", p.SecretCalls},
		{"polling of idle queues", "polling of the alerts queue, million requests", p.SQSRequests},
		{"alarms", "alarms", p.Alarm},
		{"custom metrics", "custom metrics, at most", p.CustomMetric},
		{"dashboards", "dashboards", p.Dashboard},
	} {
		i := slices.IndexFunc(bill, func(item cost.Item) bool { return item.Part == s.part })
		rows = append(rows, []string{
			s.name, fmt.Sprintf("%.3g", bill[i].Units/s.price.Units), exact(s.price.Dollars), dollars(bill[i].Dollars), dollars(rest[i].Dollars),
		})
	}
	return markdown(append(rows, []string{"**total**", "", "", "**" + dollars(bill.Dollars()) + "**", "**" + dollars(rest.Dollars()) + "**"}))
}

// bills returns monthly bills, as the verb cost estimates them: with every app's queue polled at full speed all the time.
func bills(p *cost.Prices) string {
	rows := [][]string{{"apps", "GB a month", "stack", "idle apps", "POSTs", "CloudWatch ingest", "CloudWatch storage", "alerts", "total", "total, IA"}}
	for _, f := range []cost.Figures{{Apps: 1, GB: 1}, {Apps: 10, GB: 50}, {Apps: 100, GB: 1000}} {
		f.Days, f.Alerts = stack.DefaultRetentionDays, cost.NormalAlerts(f.Apps)
		u := cost.Estimate(f)
		of := func(u cost.Usage) string { return dollars(u.Bill(p).Dollars()) }
		infrequent := f
		infrequent.Class = cost.InfrequentAccess
		rows = append(rows, []string{
			fmt.Sprint(f.Apps), fmt.Sprint(f.GB), of(cost.Stack()), of(cost.App().Times(f.Apps)), of(cost.Posts(f.Posts(), cost.UsualPost, cost.BatchSize)),
			of(cost.Usage{LogBytes: u.LogBytes}), of(cost.Usage{KeptByteMonths: u.KeptByteMonths}), of(f.Alerts.Usage()),
			"**" + of(u) + "**", of(cost.Estimate(infrequent)),
		})
	}
	return markdown(rows)
}
