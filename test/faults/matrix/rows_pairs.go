package matrix

import (
	"time"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/test/faults/lines"
)

// pairRows are two faults at once, and faults of drains of Private Spaces.
func pairRows() []Row {
	const d = 3 * time.Second
	down := awslocal.Fault{Service: "sqs", Refuse: awslocal.RefuseUnavailable}
	return []Row{
		{
			Name: "lost-answers-and-kills", Fault: "20 % of SendMessage's answers are lost, and the storage function is killed every 0.3 s", Duplicates: copyElsewhere + "; " + killedAfter,
			Play: func(w *World) error {
				_, end := w.inject(send(awslocal.Fault{Rate: 0.2, Drop: awslocal.DropAfter}))
				defer end()
				return killEvery(300*time.Millisecond, 8, storage)(w)
			},
		},
		{
			Name: "throttled-and-duplicates", Fault: "half of PutLogEvents are throttled, and SQS delivers 20 % of the messages twice", Duplicates: redelivered,
			Play: while(d, put(awslocal.Fault{Rate: 0.5, Refuse: awslocal.RefuseThrottled}), awslocal.Fault{Service: "sqs", Rate: 0.2, Duplicate: true}),
		},
		{
			Name: "rotation-and-kills", Fault: "the signing key is rotated, and the drains function is killed every 0.3 s", Duplicates: copyElsewhere, Drops: threeTries,
			Play: then(rotateKey, killEvery(300*time.Millisecond, 8, drains)),
		},
		{
			Name: "concurrency-and-slow", Fault: "10 invocations at once, and each PutLogEvents takes a second", Setup: Setup{Concurrency: 10, Nodes: 4}, Drops: threeTries,
			Play: while(d, put(awslocal.Fault{Delay: time.Second})),
		},
		{
			Name: "logs-10min-and-kills", Fault: "CloudWatch Logs is down for 10 minutes, and then the storage function is killed", Duplicates: killedAfter, Setup: Setup{Format: lines.JSON},
			Play: then(outage(2*time.Second, 10*time.Minute, awslocal.Fault{Service: "logs", Refuse: awslocal.RefuseUnavailable}), killEvery(200*time.Millisecond, 4, storage)),
		},
		{Name: "space-8s", Fault: "a Private Space: SQS is down for 8 s", Setup: Setup{Space: true}, Slow: "log-shuttle drops what is answered with 503, so the function tries for 15 s", Duplicates: copyElsewhere + "; " + redelivered, Play: while(8*time.Second, down)},
		{
			Name: "space-10min", Fault: "a Private Space: SQS is down for 10 minutes", Setup: Setup{Space: true}, Slow: "log-shuttle drops what is answered with 503, so the function tries for 15 s", Drops: "log-shuttle gives up after three tries", Duplicates: copyElsewhere + "; " + redelivered,
			Play: outage(20*time.Second, 10*time.Minute, down),
		},
		{
			Name: "space-drains-killed", Fault: "a Private Space: the drains function is killed every 0.5 s", Setup: Setup{Space: true}, Drops: "log-shuttle takes any status of 400 and above for final", Duplicates: copyElsewhere,
			Play: killEvery(500*time.Millisecond, 6, drains),
		},
		{
			Name: "space-storage-killed", Fault: "a Private Space: the storage function is killed every 0.2 s", Setup: Setup{Space: true, Source: lines.NewLarge}, Duplicates: killedAfter,
			Play: killEvery(200*time.Millisecond, 12, storage),
		},
	}
}
