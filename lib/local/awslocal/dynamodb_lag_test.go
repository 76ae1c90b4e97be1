package awslocal_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

func TestDynamoDBTablesTakeTime(t *testing.T) {
	s := localtest.StartAWS(t, awslocal.Options{TransitionTime: time.Minute})
	tt := newTable(t, backend{name: "awslocal", config: s.Config(), account: "000000000000", server: s})
	wantStatus := func(want types.TableStatus) {
		t.Helper()
		if got, err := tt.describe(t); err != nil || got.TableStatus != want {
			t.Errorf("table %+v, %v, want %s", got, err, want)
		}
	}
	unreadable := func() {
		t.Helper()
		_, err := tt.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: tt.name, Key: key("shop", "k")})
		wantCode(t, err, "ResourceNotFoundException")
		_, err = tt.CreateTable(t.Context(), tableNamed("state"))
		wantCode(t, err, "ResourceInUseException")
		wantCode(t, tt.setTTL(t, "expires", true), "ResourceInUseException")
	}
	wantStatus(types.TableStatusCreating)
	unreadable()
	_, err := tt.drop(t)
	wantCode(t, err, "ResourceInUseException")
	s.Advance(time.Minute)
	wantStatus(types.TableStatusActive)
	tt.put(t, key("shop", "k"))
	localtest.Must(t, tt.setTTL(t, "expires", true))
	if got := tt.ttl(t); got.TimeToLiveStatus != types.TimeToLiveStatusEnabling {
		t.Errorf("time to live %+v", got)
	}
	s.Advance(time.Minute)
	if got := tt.ttl(t); got.TimeToLiveStatus != types.TimeToLiveStatusEnabled {
		t.Errorf("time to live %+v", got)
	}
	for range 2 { // the second delete changes nothing
		_, err = tt.drop(t)
		localtest.Must(t, err)
		s.Advance(20 * time.Second)
		wantStatus(types.TableStatusDeleting)
		unreadable()
	}
	s.Advance(20 * time.Second)
	_, err = tt.describe(t)
	wantCode(t, err, "ResourceNotFoundException")
}

func TestDynamoDBReadsLag(t *testing.T) {
	b := startLagging(t, awslocal.Lag{Reads: time.Second, TableCounts: time.Hour})
	tt := newTable(t, b)
	first, second := keyed("shop", "k", "n", num("1")), keyed("shop", "k", "n", num("2"))
	eventual := func(want ...item) {
		t.Helper()
		got, err := tt.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: tt.name, Key: key("shop", "k")})
		localtest.Must(t, err)
		in := tt.query(onKey(""))
		in.ConsistentRead = nil
		queried, err := tt.Query(t.Context(), in)
		localtest.Must(t, err)
		scanned, err := tt.Scan(t.Context(), &dynamodb.ScanInput{TableName: tt.name})
		localtest.Must(t, err)
		var one item
		if len(want) > 0 {
			one = want[0]
		}
		sameItems(t, one, item(got.Item))
		sameItems(t, want, queried.Items)
		sameItems(t, want, scanned.Items)
	}
	tt.put(t, first)
	eventual()
	sameItems(t, first, tt.get(t, key("shop", "k")))
	b.server.Advance(time.Second)
	eventual(first)
	tt.put(t, second)
	wantCode(t, tt.putIf(t, first, cond("n = :n", ":n", num("1"))), "ConditionalCheckFailedException") // conditions see the latest
	eventual(first)
	b.server.Advance(time.Second)
	eventual(second)
	_, err := tt.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: tt.name, Key: key("shop", "k")})
	localtest.Must(t, err)
	eventual(second)
	if got := tt.get(t, key("shop", "k")); got != nil {
		t.Errorf("a consistent read returns %v", got)
	}
	tt.put(t, first)
	b.server.Advance(time.Second)
	eventual(first)
	if got, err := tt.describe(t); err != nil || *got.ItemCount != 0 {
		t.Errorf("the count at once: %+v, %v", got, err)
	}
	b.server.Advance(time.Hour)
	if got, err := tt.describe(t); err != nil || *got.ItemCount != 1 {
		t.Errorf("the count an hour later: %+v, %v", got, err)
	}
}
