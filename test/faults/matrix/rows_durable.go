package matrix

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// window is the one way in which a line can be stored twice with durable deduplication.
const window = "with `dedup: durable`, the one window: the lines are stored, and the function is killed or does not learn it before it marks them as stored"

// slowPut is what remains if SQS delivers a message twice at the same time and puts take long.
const slowPut = "SQS delivers a message twice at the same time, and the second delivery waits 5 s for the first one, whose put is throttled for longer"

// durableRows are the rows that duplicate lines, with durable deduplication, and faults of the table that it needs.
func durableRows() []Row {
	var rows []Row
	for _, r := range slices.Concat(calmRows(), queueRows(), logsRows(), functionRows(), killRows(), pairRows()) {
		if r.Duplicates == "" && r.Name != "calm" && r.Name != "calm-space" && r.Name != "logs-10min" {
			continue
		}
		r.Name, r.Fault, r.Setup.Dedup = "durable-"+r.Name, "`dedup: durable`; "+r.Fault, stack.DedupDurable
		r.Short = r.Name == "durable-calm" || r.Name == "durable-kill-storage-after-PutLogEvents"
		switch {
		case r.window():
			r.Duplicates = window
		case r.Name == "durable-throttled-and-duplicates":
			r.Duplicates = slowPut
		default:
			r.Duplicates = ""
		}
		rows = append(rows, r)
	}
	return slices.Concat(rows, tableRows())
}

// window reports whether the storage function may have stored lines and not know it.
func (r Row) window() bool {
	return strings.Contains(r.Duplicates, putUnknown) || strings.Contains(r.Duplicates, killedAfter)
}

// tableRows are faults of the table of durable deduplication.
func tableRows() []Row {
	const d = 3 * time.Second
	table := func(f awslocal.Fault) awslocal.Fault {
		f.Service, f.Caller = "dynamodb", storage
		return f
	}
	lostAnswers := send(awslocal.Fault{Rate: 0.2, Drop: awslocal.DropAfter})
	rows := []Row{
		{
			Name: "copies-and-kills", Fault: "30 % of SendMessage's answers are lost, and the storage function is killed before 3 of its PutLogEvents",
			Play: until(send(awslocal.Fault{Rate: 0.3, Drop: awslocal.DropAfter}), put(awslocal.Fault{Times: 3, Kill: awslocal.KillBefore})),
		},
		{
			Name: "copy-of-killed", Short: true, Play: still(then(cold(storage), copyOfKilled)),
			Fault: "the storage function is killed before its PutLogEvents, and a copy of the message comes, which SendMessage's lost answer has caused",
		},
		{Name: "table-throttled", Fault: "half of the calls of DynamoDB are throttled", Play: while(d, table(awslocal.Fault{Rate: 0.5, Refuse: awslocal.RefuseThrottled}))},
		{
			Name: "table-answer-lost", Fault: "20 % of the calls of DynamoDB are done, and the answer is lost, like 20 % of SendMessage's",
			Play: while(d, table(awslocal.Fault{Rate: 0.2, Drop: awslocal.DropAfter}), lostAnswers),
		},
		{
			Name: "table-10min", Fault: "DynamoDB is down for 10 minutes, and 20 % of SendMessage's answers are lost", Duplicates: "without the table, lines are stored unclaimed from the third delivery on",
			Play: outage(d, 10*time.Minute, table(awslocal.Fault{Refuse: awslocal.RefuseUnavailable}), lostAnswers),
		},
		{
			Name: "table-deleted", Fault: "the table is deleted for a while, in which 20 % of SendMessage's answers are lost", Duplicates: "an empty table knows nothing of what was stored before it was deleted",
			Play: then(deleteDedupTable, while(d, lostAnswers), createDedupTable),
		},
		{
			Name: "kill-storage-before-PutItem", Fault: "the storage function is killed before 5 % of its writes to the table", Duplicates: window,
			Play: while(d, table(awslocal.Fault{Operation: "PutItem", Rate: 0.05, Kill: awslocal.KillBefore})),
		},
		{
			Name: "kill-storage-after-PutItem", Fault: "the storage function is killed after 5 % of its writes to the table", Duplicates: window,
			Play: while(d, table(awslocal.Fault{Operation: "PutItem", Rate: 0.05, Kill: awslocal.KillAfter})),
		},
	}
	for i := range rows {
		rows[i].Name, rows[i].Fault, rows[i].Setup.Dedup = "durable-"+rows[i].Name, "`dedup: durable`; "+rows[i].Fault, stack.DedupDurable
	}
	return rows
}

// copyOfKilled sends one message whose SendMessage is done without an answer, and holds its copy back until the process that has claimed the message
// is killed. So the copy finds a claim, and the process that gets it also gets the message when it comes again.
func copyOfKilled(w *World) error {
	app := w.Apps[0]
	sent := func(f awslocal.Fault) awslocal.Fault {
		f.Resource = app.Queue()
		return send(f)
	}
	met, end := w.inject(
		put(awslocal.Fault{Resource: app.Stream(), Times: 1, Kill: awslocal.KillBefore}),
		sent(awslocal.Fault{Times: 1, Drop: awslocal.DropAfter}),
		sent(awslocal.Fault{Skip: 1, Refuse: awslocal.RefuseUnavailable}),
	)
	want := app.Ledger.Tally().Acknowledged + 1
	app.pace.some(1)
	err := w.Until("the process is killed, and the copy held back", func() (bool, error) { return met(1), nil })
	end()
	if err != nil {
		return err
	}
	if err := w.acknowledged(app, want); err != nil {
		return err
	}
	return w.settle()
}

// createDedupTable creates the table again, as another deployment does.
func createDedupTable(w *World) error {
	key := aws.String(stack.DedupKey)
	_, err := w.Tables.CreateTable(w.Context, &dynamodb.CreateTableInput{
		TableName: aws.String(stack.LocalDedupTable), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: key, AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: key, KeyType: types.KeyTypeHash}},
	})
	return err
}

func deleteDedupTable(w *World) error {
	_, err := w.Tables.DeleteTable(w.Context, &dynamodb.DeleteTableInput{TableName: aws.String(stack.LocalDedupTable)})
	return err
}
