package matrix

import (
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/local/awslocal"
)

// functionRows are faults of Lambda and of the functions' processes.
func functionRows() []Row {
	const d = 3 * time.Second
	invoke := func(function string, f awslocal.Fault) awslocal.Fault {
		f.Service, f.Operation, f.Function = "lambda", "Invoke", function
		return f
	}
	return []Row{
		{
			Name: "concurrency-10", Fault: "all functions together may run 10 times at once, with 8 nodes an app", Setup: Setup{Concurrency: 10, Nodes: 8}, Drops: threeTries,
			Play: func(w *World) error { return w.Sleep(d) },
		},
		{Name: "drains-throttled", Fault: "Lambda throttles 20 % of the POSTs", Drops: threeTries, Play: while(d, invoke(drains, awslocal.Fault{Rate: 0.2, Refuse: awslocal.RefuseThrottled}))},
		{Name: "storage-throttled", Fault: "Lambda throttles half of the batches", Play: while(d, invoke(storage, awslocal.Fault{Rate: 0.5, Refuse: awslocal.RefuseThrottled}))},
		{
			Name: "drains-killed", Fault: "the drains function is killed every 0.2 s", Duplicates: copyElsewhere, Drops: threeTries,
			Play: killEvery(200*time.Millisecond, 12, drains),
		},
		{Name: "storage-killed", Fault: "the storage function is killed every 0.2 s", Duplicates: killedAfter, Play: killEvery(200*time.Millisecond, 12, storage)},
		{
			Name: "drains-frozen", Fault: "the drains function is frozen for 3 hours, in which AWS closes its connections",
			Play: still(freeze(3*time.Hour, drains)),
		},
		{
			Name: "storage-frozen", Fault: "the storage function is frozen for 3 hours, in which AWS closes its connections",
			Play: still(freeze(3*time.Hour, storage)),
		},
		{
			Name: "frozen-often", Fault: "both functions are frozen after 30 % of their invocations", Play: while(d,
				invoke(drains, awslocal.Fault{Rate: 0.3, Kill: awslocal.Freeze}), invoke(storage, awslocal.Fault{Rate: 0.3, Kill: awslocal.Freeze})),
		},
		{
			Name: "lambda-10min", Fault: "Lambda runs no function for 10 minutes", Drops: threeTries,
			Play: outage(d, 10*time.Minute, awslocal.Fault{Service: "lambda", Operation: "Invoke", Refuse: awslocal.RefuseFailed}),
		},
		{
			Name: "dynamodb-10min", Fault: "DynamoDB, which only alerts need, is down for 10 minutes",
			Play: outage(d, 10*time.Minute, awslocal.Fault{Service: "dynamodb", Refuse: awslocal.RefuseUnavailable}),
		},
		{
			Name: "sns-10min", Fault: "SNS, which only alerts need, is down for 10 minutes",
			Play: outage(d, 10*time.Minute, awslocal.Fault{Service: "sns", Refuse: awslocal.RefuseUnavailable}),
		},
		{Name: "alerts-killed", Fault: "the alerts function is killed every 0.2 s", Play: killEvery(200*time.Millisecond, 12, alerts)},
	}
}

// short returns the name of a function without the stack's.
func short(function string) string {
	if function == drains {
		return "drains"
	}
	return strings.TrimPrefix(function, drains+"-")
}

// freeze freezes functions, and lets time pass.
func freeze(d time.Duration, functions ...string) func(*World) error {
	return func(w *World) error {
		for _, f := range functions {
			if _, err := w.AWS.FreezeFunction(f); err != nil {
				return err
			}
		}
		return w.Pass(d)
	}
}

// killRows kill a function at each of its calls of AWS, before and after it is done.
func killRows() []Row {
	calls := []struct {
		function, operation string
		cold                bool // it makes the call only after it has started
	}{
		{drains, "GetSecretValue", true},
		{drains, "SendMessage", false},
		{storage, "ListQueueTags", true},
		{storage, "PutLogEvents", false},
		{storage, "SendMessage", false},
	}
	var rows []Row
	for _, c := range calls {
		for _, when := range []awslocal.Kill{awslocal.KillBefore, awslocal.KillAfter} {
			word := map[awslocal.Kill]string{awslocal.KillBefore: "before", awslocal.KillAfter: "after"}[when]
			fault := awslocal.Fault{Caller: c.function, Operation: c.operation, Kill: when, Times: 2}
			if when == awslocal.KillBefore {
				fault.Delay = meanwhile
			}
			play := until(fault)
			if c.cold {
				play = then(still(cold(c.function)), play)
			}
			row := Row{
				Name:  fmt.Sprintf("kill-%s-%s-%s", short(c.function), word, c.operation),
				Fault: fmt.Sprintf("%s is killed %s its %s, twice", c.function, word, c.operation), Play: play,
				Short: c.function == drains && c.operation == "SendMessage" || c.operation == "PutLogEvents",
			}
			switch {
			case c.operation == "PutLogEvents" && when == awslocal.KillAfter, c.function == storage && c.operation == "SendMessage":
				row.Duplicates = killedAfter
			case c.function == drains:
				row.Duplicates, row.Drops = copyElsewhere, threeTries
			}
			rows = append(rows, row)
		}
	}
	return rows
}
