package cwlogs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/cwlogs"
)

// TestPacked makes the same calls to two Services, of which one packs every chunk at once, and the other none. All answers must be the same.
func TestPacked(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { packed(t, seed) })
		})
	}
}

// packed is TestPacked with one seed, in a bubble, where time stands still between the calls.
func packed(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	c := clock.New()
	var both [2]logs
	for i, opened := range []int64{1, 1 << 40} {
		service, err := cwlogs.New(cwlogs.Config{Clock: c, Account: awsapi.Account{ID: "000000000000", Region: "us-east-1"}, Opened: opened})
		if err != nil {
			t.Fatal(err)
		}
		both[i] = logs{Service: service, Clock: c}
	}
	do := func(operation string, in object) string {
		t.Helper()
		body, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		packed, open := both[0].raw(operation, string(body)), both[1].raw(operation, string(body))
		if !bytes.Equal(packed, open) {
			t.Fatalf("%s (-open +packed):\n%s", operation, cmp.Diff(string(open), string(packed)))
		}
		var got struct{ NextToken string }
		if err := json.Unmarshal(packed, &got); err != nil {
			t.Fatal(err)
		}
		return got.NextToken
	}
	do("CreateLogGroup", object{"logGroupName": "g"})
	streams := []string{"a", "b"}
	for _, name := range streams {
		do("CreateLogStream", object{"logGroupName": "g", "logStreamName": name})
	}
	base := c.Now().Add(-20 * time.Hour).UnixMilli()
	spread := 1 + random.Int64N(72_000_000)
	for round := range 40 {
		batch := make([]event, 1+random.IntN(90))
		for i := range batch {
			batch[i] = event{Timestamp: base + random.Int64N(spread), Message: fmt.Sprintf("é %d %s", i, strings.Repeat("x", random.IntN(9)))}
		}
		if round%9 == 0 {
			batch[0].Message = strings.Repeat("long ", random.IntN(9_000)+20_000) // which is more than a chunk
		}
		slices.SortFunc(batch, func(x, y event) int { return int(x.Timestamp - y.Timestamp) })
		do("PutLogEvents", object{"logGroupName": "g", "logStreamName": streams[random.IntN(2)], "logEvents": batch})
		c.Advance(time.Duration(random.IntN(2)) * time.Millisecond)
		start := base + random.Int64N(spread)
		do("GetLogEvents", object{
			"logGroupName": "g", "logStreamName": "a", "startTime": start, "endTime": start + random.Int64N(spread),
			"limit": 1 + random.IntN(300), "startFromHead": round%2 == 0,
		})
	}
	for _, head := range []bool{true, false} {
		in := object{"logGroupName": "g", "startFromHead": head, "startTime": base, "limit": 1 + random.IntN(900), "filterPattern": "1"}
		for token := do("FilterLogEvents", in); token != ""; token = do("FilterLogEvents", in) {
			in["nextToken"] = token
		}
	}
	do("PutRetentionPolicy", object{"logGroupName": "g", "retentionInDays": 1})
	c.Advance(14 * time.Hour)
	do("PutLogEvents", object{"logGroupName": "g", "logStreamName": "a", "logEvents": events(c.Now(), "new")})
	do("DescribeLogGroups", object{})
	do("FilterLogEvents", object{"logGroupName": "g"})
	do("DeleteLogStream", object{"logGroupName": "g", "logStreamName": "a"})
	do("CreateLogStream", object{"logGroupName": "g", "logStreamName": "a"})
	do("FilterLogEvents", object{"logGroupName": "g"})
}
