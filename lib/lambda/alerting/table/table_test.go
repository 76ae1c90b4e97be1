package table_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/lambda/alerting/table"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

const name = "alerts"

// newTable returns an empty table of the embedded AWS.
func newTable(t *testing.T) (*table.Table, *awslocal.Server) {
	t.Helper()
	server := localtest.StartAWS(t, awslocal.Options{})
	db := dynamodb.NewFromConfig(server.Config())
	_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String(name), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String(stack.TableApp), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String(stack.TableKey), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String(stack.TableApp), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String(stack.TableKey), KeyType: types.KeyTypeRange},
		},
	})
	localtest.Must(t, err)
	return table.New(db, name, server.Now), server
}

// item returns an item that is not in the table yet.
func item(server *awslocal.Server, app, key, state string) table.Item {
	return table.Item{App: app, Key: key, State: []byte(state), Expires: server.Now().Add(time.Hour).Truncate(time.Second)}
}

func TestItemsAreReadAsWritten(t *testing.T) {
	t.Parallel()
	tt, server := newTable(t)
	missing, err := tt.Get(t.Context(), "shop", "H12")
	localtest.Must(t, err)
	if diff := cmp.Diff(table.Item{App: "shop", Key: "H12"}, missing); diff != "" {
		t.Errorf("an item that is not there (-want +got):\n%s", diff)
	}
	written, err := tt.Put(t.Context(), item(server, "shop", "H12", `{"é":"\u0000"}`))
	localtest.Must(t, err)
	if written.Version != 1 {
		t.Errorf("version %d", written.Version)
	}
	read, err := tt.Get(t.Context(), "shop", "H12")
	localtest.Must(t, err)
	if diff := cmp.Diff(written, read); diff != "" {
		t.Errorf("item (-written +read):\n%s", diff)
	}
	read.State = []byte(`{}`)
	_, err = tt.Put(t.Context(), read)
	localtest.Must(t, err)
}

func TestOnlyOneWriterCanWriteAVersion(t *testing.T) {
	t.Parallel()
	tt, server := newTable(t)
	first := item(server, "shop", "H12", "a")
	for version := range int64(3) {
		first.Version = version
		_, err := tt.Put(t.Context(), first)
		localtest.Must(t, err)
		if _, err := tt.Put(t.Context(), first); !errors.Is(err, table.ErrChanged) {
			t.Errorf("version %d was written twice: %v", version+1, err)
		}
	}
	first.Version = 99
	if _, err := tt.Put(t.Context(), first); !errors.Is(err, table.ErrChanged) {
		t.Errorf("a version was written that is not the next one: %v", err)
	}
}

// The SDK tries again if the response of a write is lost. DynamoDB then refuses the second attempt, because the first one has written.
func TestALostResponseIsNotAConflict(t *testing.T) {
	t.Parallel()
	tt, server := newTable(t)
	for version := range int64(2) {
		remove := server.Inject(awslocal.Fault{Service: "dynamodb", Operation: "PutItem", Drop: awslocal.DropAfter, Times: 1})
		written, err := tt.Put(t.Context(), table.Item{App: "shop", Key: "H12", Version: version, State: []byte("a"), Expires: server.Now().Add(time.Hour)})
		localtest.Must(t, err)
		remove()
		if written.Version != version+1 {
			t.Errorf("version %d, want %d", written.Version, version+1)
		}
	}
}

// DynamoDB deletes items within days after they have expired. Until then, they can be replaced.
func TestExpiredItems(t *testing.T) {
	t.Parallel()
	tt, server := newTable(t)
	_, err := tt.Put(t.Context(), item(server, "shop", "H12", "a"))
	localtest.Must(t, err)
	_, err = tt.Put(t.Context(), item(server, "shop", "R14", "b"))
	localtest.Must(t, err)
	server.Advance(time.Hour)
	expired, err := tt.Get(t.Context(), "shop", "H12")
	localtest.Must(t, err)
	if expired.State != nil {
		t.Errorf("state %q of an item that has expired", expired.State)
	}
	expired.State, expired.Expires = []byte("c"), server.Now().Add(time.Hour)
	_, err = tt.Put(t.Context(), expired)
	localtest.Must(t, err)
	all, err := tt.All(t.Context())
	localtest.Must(t, err)
	if len(all) != 1 || string(all[0].State) != "c" {
		t.Errorf("items %+v", all)
	}
}

// More items than a page of DynamoDB has, which is 1 MB.
func TestListing(t *testing.T) {
	t.Parallel()
	tt, server := newTable(t)
	large := strings.Repeat("x", 200_000)
	for i := range 8 {
		_, err := tt.Put(t.Context(), item(server, "shop", fmt.Sprintf("#dropped#%d", i), large))
		localtest.Must(t, err)
	}
	for _, key := range []string{"H12", "#mute"} {
		for _, app := range []string{"shop", "shop-staging"} {
			_, err := tt.Put(t.Context(), item(server, app, key, "a"))
			localtest.Must(t, err)
		}
	}
	for want, list := range map[string]func() ([]table.Item, error){
		"12 all":     func() ([]table.Item, error) { return tt.All(t.Context()) },
		"10 app":     func() ([]table.Item, error) { return tt.App(t.Context(), "shop", "") },
		"8 dropped":  func() ([]table.Item, error) { return tt.App(t.Context(), "shop", "#dropped#") },
		"0 of other": func() ([]table.Item, error) { return tt.App(t.Context(), "sho", "") },
	} {
		items, err := list()
		localtest.Must(t, err)
		if got := fmt.Sprint(len(items)); got != strings.Fields(want)[0] {
			t.Errorf("%s: %s items", want, got)
		}
	}
}

func TestErrorsSayWhat(t *testing.T) {
	t.Parallel()
	tt, server := newTable(t)
	defer server.Inject(awslocal.Fault{Service: "dynamodb", Status: 400, Code: "AccessDeniedException", Message: "no"})()
	_, err := tt.Get(t.Context(), "shop", "H12")
	_, putErr := tt.Put(t.Context(), item(server, "shop", "H12", "a"))
	_, appErr := tt.App(t.Context(), "shop", "")
	_, allErr := tt.All(t.Context())
	for want, err := range map[string]error{
		"read H12 of shop from the alerts table": err, "write H12 of shop to the alerts table": putErr,
		"read the items of shop from the alerts table": appErr, "read the alerts table": allErr,
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "AccessDenied") {
			t.Errorf("error %v, want %q and the cause", err, want)
		}
	}
}
