package awslocal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
)

// query returns the input of a query with a condition on the key.
func (tt testTable) query(c condition) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{
		TableName: tt.name, ConsistentRead: aws.Bool(true), KeyConditionExpression: &c.text, ExpressionAttributeNames: c.names,
		ExpressionAttributeValues: c.values,
	}
}

// queryPages returns the sort keys of all pages of a query, and how many there were.
func (tt testTable) queryPages(t *testing.T, in *dynamodb.QueryInput) (keys []string, pages int) {
	t.Helper()
	for p := dynamodb.NewQueryPaginator(tt.Client, in); p.HasMorePages(); pages++ {
		out, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, sortKeys(out.Items)...)
	}
	return keys, pages
}

func sortKeys(items []map[string]types.AttributeValue) []string {
	keys := []string{}
	for _, i := range items {
		keys = append(keys, i["key"].(*types.AttributeValueMemberS).Value)
	}
	return keys
}

// onKey is a condition on the partition key shop, and more.
func onKey(more string, values ...any) condition {
	c := cond("app = :app"+more, append([]any{":app", text("shop")}, values...)...)
	if strings.Contains(more, "#key") {
		c.names = map[string]string{"#key": "key"}
	}
	return c
}

func TestDynamoDBQueries(t *testing.T) {
	stored := []string{"H12", "H13", "H27", "R14", "R15", "h", "é"}
	cases := []struct {
		condition
		want    []string
		notMoto string
	}{
		{onKey(""), stored, ""},
		{onKey(" AND #key = :k", ":k", text("H13")), []string{"H13"}, ""},
		{onKey(" AND #key = :k", ":k", text("absent")), nil, ""},
		{onKey(" AND #key < :k", ":k", text("H27")), []string{"H12", "H13"}, ""},
		{onKey(" AND #key <= :k", ":k", text("H27")), []string{"H12", "H13", "H27"}, ""},
		{onKey(" AND #key > :k", ":k", text("R14")), []string{"R15", "h", "é"}, ""},
		{onKey(" AND #key >= :k", ":k", text("R14")), []string{"R14", "R15", "h", "é"}, ""},
		{onKey(" AND #key BETWEEN :a AND :b", ":a", text("H13"), ":b", text("R14")), []string{"H13", "H27", "R14"}, ""},
		{onKey(" AND begins_with(#key, :k)", ":k", text("R")), []string{"R14", "R15"}, ""},
		{onKey(" AND (begins_with(#key, :k))", ":k", text("H1")), []string{"H12", "H13"}, ""},
		{cond("#key = :k AND app = :app", "#key", "key", ":k", text("H12"), ":app", text("shop")), []string{"H12"}, ""},
		{cond(":app = app AND :k < #key", "#key", "key", ":k", text("R15"), ":app", text("shop")), []string{"h", "é"}, "it rejects a value on the left"},
		{cond("app = :app", ":app", text("blog")), []string{"H12"}, ""},
		{cond("app = :app", ":app", text("absent")), nil, ""},
	}
	var checks []check
	fill := func(t *testing.T, b backend) testTable {
		tt := newTable(t, b)
		for n, k := range stored {
			tt.put(t, keyed("shop", stored[len(stored)-1-n], "n", num(fmt.Sprint(n))), keyed("other-"+k, k))
		}
		tt.put(t, key("blog", "H12"), key("sho", "p"))
		return tt
	}
	for _, c := range cases {
		checks = append(checks, check{name: c.text, notMoto: c.notMoto, run: func(t *testing.T, b backend) {
			tt := fill(t, b)
			in := tt.query(c.condition)
			got, _ := tt.queryPages(t, in)
			if diff := cmp.Diff(append([]string{}, c.want...), append([]string{}, got...)); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			in.ScanIndexForward, in.Limit = aws.Bool(false), aws.Int32(2)
			got, _ = tt.queryPages(t, in)
			slices.Reverse(got)
			if diff := cmp.Diff(append([]string{}, c.want...), append([]string{}, got...)); diff != "" {
				t.Errorf("keys of the backward query (-want +got):\n%s", diff)
			}
		}})
	}
	checks = append(checks,
		check{name: "a filter", run: func(t *testing.T, b backend) {
			tt := fill(t, b)
			in := tt.query(onKey("", ":n", num("2")))
			in.FilterExpression = aws.String("n < :n")
			out, err := tt.Query(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if got := sortKeys(out.Items); out.Count != 2 || out.ScannedCount != 7 || !slices.Equal(got, []string{"h", "é"}) {
				t.Errorf("%d of %d: %v", out.Count, out.ScannedCount, got)
			}
		}},
		check{name: "a limit counts what the filter leaves out", run: func(t *testing.T, b backend) {
			tt := fill(t, b)
			in := tt.query(onKey("", ":n", num("2")))
			in.FilterExpression, in.Limit = aws.String("n < :n"), aws.Int32(3)
			out, err := tt.Query(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if out.Count != 0 || out.ScannedCount != 3 {
				t.Errorf("%d of %d", out.Count, out.ScannedCount)
			}
			sameItems(t, key("shop", "H27"), item(out.LastEvaluatedKey))
		}},
		check{name: "only the number", run: func(t *testing.T, b backend) {
			tt := fill(t, b)
			in := tt.query(onKey(""))
			in.Select = types.SelectCount
			out, err := tt.Query(t.Context(), in)
			if err != nil || out.Count != 7 || len(out.Items) != 0 {
				t.Errorf("%+v, %v", out, err)
			}
		}},
		check{name: "a limit that is all there is has a next page, which is empty", notMoto: "it looks ahead", run: func(t *testing.T, b backend) {
			tt := fill(t, b)
			in := tt.query(onKey(""))
			in.Limit = aws.Int32(7)
			if _, pages := tt.queryPages(t, in); pages != 2 {
				t.Errorf("%d pages", pages)
			}
		}},
		check{name: "going on after a key that is no longer there", run: func(t *testing.T, b backend) {
			tt := fill(t, b)
			in := tt.query(onKey(""))
			in.ExclusiveStartKey = key("shop", "H20")
			got, _ := tt.queryPages(t, in)
			if diff := cmp.Diff([]string{"H27", "R14", "R15", "h", "é"}, got); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
		}},
		check{name: "pages of 1 MB", notMoto: "it counts more bytes", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			size := 1<<18 - len("app"+"shop"+"key"+"0"+"s")
			for n := range 9 {
				tt.put(t, keyed("shop", fmt.Sprint(n), "s", text(strings.Repeat("x", size)))) // a quarter of 1 MB
			}
			in := tt.query(onKey(""))
			out, err := tt.Query(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if out.Count != 4 {
				t.Errorf("%d items on the first page, want 4", out.Count)
			}
			got, pages := tt.queryPages(t, in)
			if len(got) != 9 || pages != 3 {
				t.Errorf("%d items on %d pages, want 9 on 3", len(got), pages)
			}
		}},
	)
	conform(t, checks)
}

func TestDynamoDBScans(t *testing.T) {
	fill := func(t *testing.T, b backend) (tt testTable, want []string) {
		tt = newTable(t, b)
		for a := range 5 {
			for k := range 3 {
				tt.put(t, keyed(fmt.Sprint("app-", a), fmt.Sprint(a, k), "n", num(fmt.Sprint(k))))
				want = append(want, fmt.Sprint(a, k))
			}
		}
		return tt, want
	}
	pages := func(t *testing.T, tt testTable, in *dynamodb.ScanInput) (keys []string, pages int) {
		in.TableName, in.ConsistentRead = tt.name, aws.Bool(true)
		for p := dynamodb.NewScanPaginator(tt.Client, in); p.HasMorePages(); pages++ {
			out, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, sortKeys(out.Items)...)
		}
		slices.Sort(keys)
		return keys, pages
	}
	conform(t, []check{
		{name: "all items", run: func(t *testing.T, b backend) {
			tt, want := fill(t, b)
			got, n := pages(t, tt, &dynamodb.ScanInput{})
			if diff := cmp.Diff(want, got); diff != "" || n != 1 {
				t.Errorf("%d pages, keys (-want +got):\n%s", n, diff)
			}
		}},
		{name: "pages", run: func(t *testing.T, b backend) {
			tt, want := fill(t, b)
			got, n := pages(t, tt, &dynamodb.ScanInput{Limit: aws.Int32(4)})
			if diff := cmp.Diff(want, got); diff != "" || n != 4 {
				t.Errorf("%d pages, keys (-want +got):\n%s", n, diff)
			}
		}},
		{name: "a filter, also on the key", run: func(t *testing.T, b backend) {
			tt, _ := fill(t, b)
			got, _ := pages(t, tt, &dynamodb.ScanInput{
				Limit: aws.Int32(2), FilterExpression: aws.String("n = :n AND app <> :app"), ExpressionAttributeValues: item{":n": num("1"), ":app": text("app-3")},
			})
			if diff := cmp.Diff([]string{"0 1", "1 1", "2 1", "4 1"}, got); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
		}},
		{name: "only the number", notMoto: "it returns the items", run: func(t *testing.T, b backend) {
			tt, _ := fill(t, b)
			out, err := tt.Scan(t.Context(), &dynamodb.ScanInput{TableName: tt.name, Select: types.SelectCount})
			if err != nil || out.Count != 15 || out.ScannedCount != 15 || len(out.Items) != 0 {
				t.Errorf("%+v, %v", out, err)
			}
		}},
		{name: "an empty table", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			if got, n := pages(t, tt, &dynamodb.ScanInput{Limit: aws.Int32(1)}); len(got) != 0 || n != 1 {
				t.Errorf("%v on %d pages", got, n)
			}
		}},
		{name: "what expires is returned until it is deleted", run: func(t *testing.T, b backend) {
			tt := newTable(t, b)
			if err := tt.setTTL(t, "expires", true); err != nil {
				t.Fatal(err)
			}
			tt.put(t, keyed("shop", "k", "expires", num("1")))
			sameItems(t, keyed("shop", "k", "expires", num("1")), tt.get(t, key("shop", "k")))
			if got, _ := pages(t, tt, &dynamodb.ScanInput{}); len(got) != 1 {
				t.Errorf("scanned %v", got)
			}
		}},
	})
}
