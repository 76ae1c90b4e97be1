package claims_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/awscall/itemcall"
	"heroku-drains/lib/lambda/claims"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// fixture is a table of claims on the embedded AWS, whose clock it has.
type fixture struct {
	*claims.Table
	t      *testing.T
	server *awslocal.Server
	waits  int
	onWait func(n int) // each time a claim waits
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	t.Parallel()
	f := &fixture{t: t, server: localtest.StartAWS(t, awslocal.Options{})}
	db := dynamodb.NewFromConfig(f.server.Config())
	_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("dedup"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String(stack.DedupKey), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String(stack.DedupKey), KeyType: types.KeyTypeHash}},
	})
	localtest.Must(t, err)
	wait := localtest.AdvanceInsteadOfWaiting(f.server)
	f.Table = claims.New(claims.Config{DB: itemcall.New(f.server.Config()), Name: "dedup", Now: f.server.Now, LastTry: 3, Wait: func(ctx context.Context, d time.Duration) error {
		f.waits++
		if f.onWait != nil {
			f.onWait(f.waits)
		}
		return wait(ctx, d)
	}})
	return f
}

// claim claims the n-th delivery of a message. It returns what is stored of it.
func (f *fixture) claim(id string, n int) (*claims.Claim, claims.Stored, error) {
	return f.Claim(f.t.Context(), claims.Message{Key: "key", ID: id, Receives: n}, func(s claims.Stored) bool { return s.Whole && len(s.Parts) > 1 })
}

func (f *fixture) must(id string, n int) (*claims.Claim, claims.Stored) {
	f.t.Helper()
	c, stored, err := f.claim(id, n)
	localtest.Must(f.t, err)
	if c == nil {
		f.t.Fatalf("%s has nothing to claim", id)
	}
	return c, stored
}

func (f *fixture) refused(id string, n int) {
	f.t.Helper()
	if _, _, err := f.claim(id, n); !errors.Is(err, claims.ErrBusy) {
		f.t.Errorf("delivery %d of %s: error %v, want ErrBusy", n, id, err)
	}
}

func (f *fixture) marked(c *claims.Claim, whole bool, parts string) {
	f.t.Helper()
	localtest.Must(f.t, c.Mark(f.t.Context(), claims.Stored{Whole: whole, Parts: []byte(parts)}))
}

func TestClaims(t *testing.T) {
	f := newFixture(t)
	first, stored := f.must("1", 1)
	if diff := cmp.Diff(claims.Stored{}, stored); diff != "" {
		t.Errorf("stored of a new message (-want +got):\n%s", diff)
	}
	f.refused("2", 1) // a copy
	f.refused("1", 1) // SQS delivers it to two instances at once
	f.marked(first, false, "half")
	f.refused("2", 1)
	f.server.Advance(claims.Lease)
	second, stored := f.must("2", 2)
	if string(stored.Parts) != "half" || stored.Whole {
		t.Errorf("stored %+v", stored)
	}
	if err := first.Mark(t.Context(), claims.Stored{Whole: true}); !errors.Is(err, claims.ErrTaken) {
		t.Errorf("mark after the lease: error %v, want ErrTaken", err)
	}
	f.marked(second, true, "x")
	third, _ := f.must("3", 1) // it has a line that the others had not
	f.marked(third, true, "xx")
	for _, id := range []string{"1", "2", "3", "4"} {
		if c, stored, err := f.claim(id, 2); c != nil || err != nil || string(stored.Parts) != "xx" {
			t.Errorf("%s: claim %v, stored %+v, error %v", id, c, stored, err)
		}
	}
	if f.waits != 0 {
		t.Errorf("it waited %d times", f.waits)
	}
	f.server.Advance(claims.Kept) // DynamoDB has not deleted the item yet
	if _, stored := f.must("5", 1); stored.Whole || stored.Parts != nil {
		t.Errorf("after a day, stored %+v", stored)
	}
}

// SQS delivers a message again after its instance was killed. It is claimed even if the clocks differ so much that the lease seems to run.
func TestClaimOfARedelivery(t *testing.T) {
	f := newFixture(t)
	f.must("1", 1)
	began := f.server.Now()
	f.must("1", 2)
	if waited := f.server.Now().Sub(began); waited < time.Second || waited >= claims.Lease {
		t.Errorf("it waited %s", waited)
	}
	f.must("1", 3)
	f.refused("2", 2)
	f.must("2", 3) // the last try
}

// Meanwhile, the other instance may have stored it: SQS delivered the message twice at the same time.
func TestClaimWaitsForAnotherDelivery(t *testing.T) {
	f := newFixture(t)
	first, _ := f.must("1", 1)
	f.onWait = func(n int) {
		if n == 2 {
			f.marked(first, true, "xx")
		}
	}
	if c, stored, err := f.claim("1", 2); c != nil || err != nil || !stored.Whole {
		t.Errorf("claim %v, stored %+v, error %v", c, stored, err)
	}
}

// Of many claims at the same time, one succeeds.
func TestClaimsAtTheSameTime(t *testing.T) {
	f := newFixture(t)
	var claimed, busy atomic.Int32
	for range 2 {
		claimed.Store(0)
		busy.Store(0)
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				switch _, _, err := f.claim(fmt.Sprint(i), 1); {
				case err == nil:
					claimed.Add(1)
				case errors.Is(err, claims.ErrBusy):
					busy.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if claimed.Load() != 1 || busy.Load() != 19 {
			t.Errorf("%d claims succeeded, %d were refused", claimed.Load(), busy.Load())
		}
		f.server.Advance(claims.Lease) // then one of them takes the claim over
	}
}

// If the response to a write is lost, the SDK writes again, and DynamoDB refuses that.
func TestLostResponses(t *testing.T) {
	f := newFixture(t)
	lose := func() { f.server.Inject(awslocal.Fault{Service: "dynamodb", Drop: awslocal.DropAfter, Times: 1}) }
	lose()
	c, _ := f.must("1", 1)
	lose()
	f.marked(c, true, "x")
	lose()
	c, _ = f.must("2", 1)
	lose()
	f.marked(c, true, "xx")
	if c, _, err := f.claim("3", 1); c != nil || err != nil {
		t.Errorf("claim %v, error %v", c, err)
	}
}

func TestErrorsOfDynamoDB(t *testing.T) {
	f := newFixture(t)
	c, _ := f.must("1", 1)
	f.server.Inject(awslocal.Fault{Service: "dynamodb", Status: 400, Code: "AccessDeniedException", Message: "no"})
	_, _, claimErr := f.claim("2", 1)
	markErr := c.Mark(t.Context(), claims.Stored{Whole: true})
	for want, err := range map[string]error{"claim a message: ": claimErr, "mark a message as stored: ": markErr} {
		if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "AccessDenied") {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
