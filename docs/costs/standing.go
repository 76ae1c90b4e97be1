package costs

import (
	"fmt"
	"slices"

	"heroku-drains/lib/cost"
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
func perStack(p cost.Prices) string {
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

// bills returns monthly bills, with every app's queue polled at full speed all the time.
func bills(p cost.Prices) string {
	rows := [][]string{{"apps", "GB a month", "stack", "idle apps", "POSTs", "CloudWatch ingest", "total", "total, IA"}}
	for _, team := range []struct{ apps, gigabytes float64 }{{1, 1}, {10, 50}, {100, 1000}} {
		stack := cost.Stack().Bill(p).Dollars()
		polling := cost.App().Times(team.apps).Bill(p).Dollars()
		posts := team.gigabytes * architectures[0].perMillion(p, usual) / usual
		standard, infrequent := team.gigabytes*p.LogsStandard.Dollars, team.gigabytes*p.LogsInfrequent.Dollars
		rest := stack + polling + posts
		rows = append(rows, []string{fmt.Sprint(team.apps), fmt.Sprint(team.gigabytes), dollars(stack), dollars(polling),
			dollars(posts), dollars(standard), "**" + dollars(rest+standard) + "**", dollars(rest + infrequent)})
	}
	return markdown(rows)
}
