package matrix

import (
	"time"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/test/faults/lines"
)

// put is the call with which the storage function stores lines.
func put(f awslocal.Fault) awslocal.Fault {
	f.Service, f.Operation = "logs", "PutLogEvents"
	return f
}

// denied is a failure that the storage function does not retry: the messages fail at once, and come again after 6 minutes.
func denied() awslocal.Fault {
	return put(awslocal.Fault{Status: 400, Code: "AccessDeniedException", Message: "User is not authorized to perform: logs:PutLogEvents", Delay: meanwhile})
}

// half returns a fault that meets half of the calls, until it has met enough for several messages that each take several calls.
func half(f awslocal.Fault) awslocal.Fault {
	f.Rate, f.Times = 0.5, 24
	return f
}

// alone sends so many messages of so many lines of each app, each when the one before it is stored. So one process of the storage function gets those of
// all apps, and what fails also when it comes again. Each fault meets one call for each app.
func alone(messages, lines int, faults ...awslocal.Fault) func(*World) error {
	return func(w *World) error {
		for _, app := range w.Apps {
			for i := range faults {
				faults[i].Resource, faults[i].Times = app.Stream(), 1
			}
			_, end := w.inject(faults...)
			defer end()
			for range messages {
				if err := w.Alone(app, lines); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// logsRows are faults of CloudWatch Logs.
func logsRows() []Row {
	const d = 3 * time.Second
	down := awslocal.Fault{Service: "logs", Refuse: awslocal.RefuseUnavailable}
	second := denied()
	second.Skip = 1
	return []Row{
		{Name: "logs-throttled", Fault: "PutLogEvents: half are throttled", Short: true, Play: while(time.Second, put(awslocal.Fault{Rate: 0.5, Refuse: awslocal.RefuseThrottled}))},
		{Name: "logs-500", Fault: "PutLogEvents: half fail with 500", Setup: Setup{Format: lines.JSON}, Play: while(d, put(awslocal.Fault{Rate: 0.5, Refuse: awslocal.RefuseFailed}))},
		{Name: "logs-503", Fault: "PutLogEvents: half fail with 503", Play: while(d, put(awslocal.Fault{Rate: 0.5, Refuse: awslocal.RefuseUnavailable}))},
		{Name: "logs-reset", Fault: "PutLogEvents: half of the connections are reset", Play: while(d, put(awslocal.Fault{Rate: 0.5, Drop: awslocal.Reset}))},
		{Name: "logs-hang", Fault: "PutLogEvents: 6 are never answered", Play: while(11*time.Second, put(awslocal.Fault{Times: 6, Drop: awslocal.HangBefore}))},
		{
			Name: "logs-hang-after", Fault: "PutLogEvents: 6 are done and never answered", Duplicates: putUnknown,
			Play: while(11*time.Second, put(awslocal.Fault{Times: 6, Drop: awslocal.HangAfter})),
		},
		{
			Name: "logs-answer-lost", Fault: "PutLogEvents: 20 % are done, and the answer is lost", Duplicates: putUnknown,
			Play: while(d, put(awslocal.Fault{Rate: 0.2, Drop: awslocal.DropAfter})),
		},
		{
			Name: "logs-half-answer", Fault: "PutLogEvents: 20 % are done, and half of the answer arrives", Duplicates: putUnknown,
			Play: while(d, put(awslocal.Fault{Rate: 0.2, Drop: awslocal.HalfAnswer})),
		},
		{Name: "logs-slow", Fault: "PutLogEvents: each takes two seconds", Play: while(d, put(awslocal.Fault{Delay: 2 * time.Second}))},
		{
			Name: "logs-invalid", Fault: "PutLogEvents: 4 calls of many lines are refused as invalid", Short: true,
			Play: until(put(awslocal.Fault{Times: 4, Status: 400, Code: "InvalidParameterException", Message: "Log event too large"})),
		},
		{Name: "logs-denied", Fault: "the storage function may not put lines for a second", Short: true, Play: while(time.Second, denied())},
		{
			Name: "logs-denied-half", Fault: "half of PutLogEvents are denied, and each message takes several calls", Short: true,
			Setup: Setup{Source: lines.NewSpread}, Duplicates: partly, Play: until(half(denied())),
		},
		{
			Name: "logs-denied-alone", Fault: "the first PutLogEvents of each app is denied, and messages of one line come one at a time to one process", Short: true,
			Setup: Setup{Source: lines.NewSamples}, Play: still(then(cold(storage), alone(3, 1, denied()))),
		},
		{
			Name: "logs-denied-part", Fault: "a Private Space: of the PutLogEvents that a message takes, the second is denied, and the message comes again to the same process", Short: true,
			Setup: Setup{Space: true, Nodes: 1, Source: lines.NewLate}, Play: still(then(cold(storage), alone(1, 20, second))),
		},
		{Name: "logs-10min", Fault: "CloudWatch Logs is down for 10 minutes", Play: outage(2*time.Second, 10*time.Minute, down)},
		{
			Name: "logs-denied-50min", Fault: "the storage function may not put lines for 50 minutes; then the dead letters are sent back", Redrive: true,
			DeadLetters: "a message that was received five times becomes one, after about half an hour", Play: outage(time.Second, 50*time.Minute, denied()),
		},
		{
			Name: "logs-10min-json", Fault: "CloudWatch Logs is down for 10 minutes, JSON format", Setup: Setup{Format: lines.JSON},
			Play: outage(2*time.Second, 10*time.Minute, down),
		},
	}
}
