package matrix

import (
	"time"

	"heroku-drains/lib/local/awslocal"
)

// send is the call with which the drains function puts lines into a queue.
func send(f awslocal.Fault) awslocal.Fault {
	f.Service, f.Operation, f.Caller = "sqs", "SendMessage", drains
	return f
}

// queueRows are faults of SQS and of the gateway: what stands between Logplex and a queue.
func queueRows() []Row {
	const d = 3 * time.Second
	gateway := func(f awslocal.Fault) awslocal.Fault {
		f.Service = "execute-api"
		return f
	}
	return []Row{
		{Name: "sqs-throttled", Fault: "SendMessage: 30 % are throttled", Play: while(d, send(awslocal.Fault{Rate: 0.3, Refuse: awslocal.RefuseThrottled}))},
		{Name: "sqs-500", Fault: "SendMessage: 30 % fail with 500", Short: true, Play: while(time.Second, send(awslocal.Fault{Rate: 0.3, Refuse: awslocal.RefuseFailed}))},
		{Name: "sqs-503", Fault: "SendMessage: 30 % fail with 503", Play: while(d, send(awslocal.Fault{Rate: 0.3, Refuse: awslocal.RefuseUnavailable}))},
		{Name: "sqs-reset", Fault: "SendMessage: 30 % of the connections are reset", Play: while(d, send(awslocal.Fault{Rate: 0.3, Drop: awslocal.Reset}))},
		{Name: "sqs-hang", Fault: "SendMessage: 20 % are never answered", Play: while(d, send(awslocal.Fault{Rate: 0.2, Drop: awslocal.HangBefore}))},
		{
			Name: "sqs-hang-after", Fault: "SendMessage: 20 % are done and never answered", Duplicates: copyElsewhere,
			Play: while(d, send(awslocal.Fault{Rate: 0.2, Drop: awslocal.HangAfter})),
		},
		{
			Name: "sqs-answer-lost", Fault: "SendMessage: 20 % are done, and the answer is lost", Duplicates: copyElsewhere,
			Play: while(d, send(awslocal.Fault{Rate: 0.2, Drop: awslocal.DropAfter})),
		},
		{
			Name: "sqs-half-answer", Fault: "SendMessage: 20 % are done, and half of the answer arrives", Duplicates: copyElsewhere,
			Play: while(d, send(awslocal.Fault{Rate: 0.2, Drop: awslocal.HalfAnswer})),
		},
		{Name: "sqs-slow", Fault: "SendMessage: each takes a second", Play: while(d, send(awslocal.Fault{Delay: time.Second}))},
		{Name: "sqs-5s", Fault: "SQS is down for 5 s", Short: true, Duplicates: cutOff, Play: while(5*time.Second, send(awslocal.Fault{Refuse: awslocal.RefuseUnavailable}))},
		{Name: "sqs-8s", Fault: "SQS is down for 8 s", Duplicates: cutOff, Play: while(8*time.Second, send(awslocal.Fault{Refuse: awslocal.RefuseUnavailable}))},
		{
			Name: "sqs-10min", Fault: "SQS is down for 10 minutes", Drops: threeTries, Duplicates: redelivered,
			Play: outage(16*time.Second, 10*time.Minute, awslocal.Fault{Service: "sqs", Refuse: awslocal.RefuseUnavailable}),
		},
		{
			Name: "sqs-10min-rate", Fault: "SQS is down for 10 minutes, while 300 lines a second fill the buffers", Setup: Setup{Rate: 300, Nodes: 1}, Drops: threeTries + ", and a full buffer displaces the oldest lines", Duplicates: redelivered,
			Play: outage(16*time.Second, 10*time.Minute, awslocal.Fault{Service: "sqs", Refuse: awslocal.RefuseUnavailable}),
		},
		{
			Name: "sqs-duplicates", Fault: "SQS delivers 20 % of the messages twice", Duplicates: redelivered,
			Play: while(d, awslocal.Fault{Service: "sqs", Rate: 0.2, Duplicate: true}),
		},
		{Name: "sqs-order", Fault: "SQS delivers messages in a random order", Play: while(d, awslocal.Fault{Service: "sqs", Shuffle: true})},
		{
			Name: "sqs-receive", Fault: "half of the mappings' ReceiveMessage fail", Play: while(d, awslocal.Fault{
				Service: "sqs", Operation: "ReceiveMessage", Caller: awslocal.ByMapping, Rate: 0.5, Refuse: awslocal.RefuseFailed,
			}),
		},
		{
			Name: "sqs-delete", Fault: "half of the mappings' DeleteMessage fail: what is stored comes again", Duplicates: redelivered, Play: while(time.Second, awslocal.Fault{
				Service: "sqs", Operation: "DeleteMessage", Caller: awslocal.ByMapping, Rate: 0.5, Refuse: awslocal.RefuseFailed,
			}),
		},
		{Name: "gateway-503", Fault: "API Gateway answers 20 % with 503", Drops: threeTries, Play: while(d, gateway(awslocal.Fault{Rate: 0.2, Refuse: awslocal.RefuseUnavailable}))},
		{
			Name: "gateway-10min", Fault: "API Gateway is down for 10 minutes", Drops: threeTries,
			Play: outage(d, 10*time.Minute, gateway(awslocal.Fault{Refuse: awslocal.RefuseUnavailable})),
		},
		{Name: "gateway-throttled", Fault: "API Gateway answers 20 % with 429", Drops: threeTries, Play: while(d, gateway(awslocal.Fault{Rate: 0.2, Refuse: awslocal.RefuseThrottled}))},
		{
			Name: "gateway-answer-lost", Fault: "20 % of API Gateway's answers are lost", Duplicates: copyElsewhere, Drops: threeTries,
			Play: while(d, gateway(awslocal.Fault{Rate: 0.2, Drop: awslocal.DropAfter})),
		},
		{
			Name: "gateway-hang", Fault: "API Gateway does not answer 4 POSTs", Duplicates: copyElsewhere, Slow: "nothing answers",
			Play: until(gateway(awslocal.Fault{Times: 4, Skip: 5, Drop: awslocal.HangAfter})),
		},
		{
			Name: "skew", Fault: "AWS's clock is 10 minutes ahead of the functions'", Play: then(still(cold(drains, storage)), while(d, awslocal.Fault{Skew: 10 * time.Minute})),
		},
	}
}
