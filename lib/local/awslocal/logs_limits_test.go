package awslocal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// TestLogsLimits checks that values at every limit are accepted, and that values beyond it are rejected with AWS's error code.
func TestLogsLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("sends the largest requests there are: smaller ones, of other tests, go the same way")
	}
	const invalid = "InvalidParameterException"
	const lax = "it enforces neither 24 h, 10,000 events, 1 MiB nor 1 MB"
	const anyName = "it accepts any name"
	var checks []check
	add := func(name, code, notMoto string, try func(t *testing.T, g testGroup) error) {
		checks = append(checks, check{name: name, notMoto: notMoto, run: func(t *testing.T, b backend) {
			err := try(t, newGroup(t, b, shop))
			if code != "" {
				wantCode(t, err, code)
			} else if err != nil {
				t.Errorf("rejected: %v", err)
			}
		}})
	}

	group := func(name string) func(*testing.T, testGroup) error {
		return func(t *testing.T, g testGroup) error {
			_, err := g.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: aws.String(name)})
			return err
		}
	}
	add("a group's name of 512 characters", "", "", group(strings.Repeat("g", 512)))
	add("a group's name of 513 characters", invalid, "", group(strings.Repeat("g", 513)))
	add("a group's name with all allowed characters", "", "", group("aZ0_-/.#"))
	add("an empty group's name", invalid, anyName, group(""))
	add("a group's name with a space", invalid, anyName, group("a b"))
	add("a group's name reserved for AWS", invalid, anyName, group("aws/lambda"))
	for _, class := range []types.LogGroupClass{types.LogGroupClassEssentials, "COLD"} {
		add("a group of class "+string(class), invalid, "it has no classes", func(t *testing.T, g testGroup) error {
			_, err := g.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: aws.String("g"), LogGroupClass: class})
			return err
		})
	}
	tagged := func(key, value string) func(*testing.T, testGroup) error {
		return func(t *testing.T, g testGroup) error {
			in := &logs.CreateLogGroupInput{LogGroupName: aws.String("g"), Tags: map[string]string{key: value}}
			_, err := g.CreateLogGroup(t.Context(), in)
			return err
		}
	}
	add("a tag of 128 and 256 characters", "", "", tagged(strings.Repeat("k", 128), strings.Repeat("v", 256)))
	add("a tag's key of 129 characters", invalid, "it accepts any tag", tagged(strings.Repeat("k", 129), ""))
	add("a tag's value of 257 characters", invalid, "it accepts any tag", tagged("k", strings.Repeat("v", 257)))
	add("a tag's key with a question mark", invalid, "it accepts any tag", tagged("k?", ""))

	stream := func(name string) func(*testing.T, testGroup) error {
		return func(t *testing.T, g testGroup) error { return g.create(t, name) }
	}
	add("a stream's name of 512 characters", "", "", stream(strings.Repeat("s", 512)))
	add("a stream's name of 513 characters", invalid, anyName, stream(strings.Repeat("s", 513)))
	add("a stream's name with a colon", invalid, "it accepts : and *", stream("a:b"))
	add("a stream's name with a star", invalid, "it accepts : and *", stream("a*"))
	add("an empty stream's name", invalid, anyName, stream(""))
	add("a stream in no group", "ResourceNotFoundException", "", func(t *testing.T, g testGroup) error {
		g.name = aws.String("absent")
		return g.create(t, shop)
	})

	for _, days := range []int32{1, 7, 14, 400, 3653} {
		add(fmt.Sprintf("a retention of %d days", days), "", "", func(t *testing.T, g testGroup) error { return g.retain(t, days) })
	}
	for _, days := range []int32{-1, 0, 2, 8, 366, 10_000} {
		add(fmt.Sprintf("a retention of %d days", days), invalid, "it accepts any number", func(t *testing.T, g testGroup) error {
			return g.retain(t, days)
		})
	}

	put := func(events ...types.InputLogEvent) func(*testing.T, testGroup) error {
		return func(t *testing.T, g testGroup) error {
			_, err := g.put(t, shop, events...)
			return err
		}
	}
	at := ago(2 * time.Hour)
	same := func(n int, message string) []types.InputLogEvent {
		events := make([]types.InputLogEvent, n)
		for i := range events {
			events[i] = event(at, message)
		}
		return events
	}
	add("no events", invalid, "it accepts them", put([]types.InputLogEvent{}...))
	add("10,000 events", "", "", put(same(10_000, "x")...))
	add("10,001 events", invalid, lax, put(same(10_001, "x")...))
	add("1,048,576 bytes in one event", "", "", put(event(at, strings.Repeat("x", 1_048_576-26))))
	add("1,048,577 bytes in one event", invalid, lax, put(event(at, strings.Repeat("x", 1_048_577-26))))
	add("1,048,576 bytes in UTF-8", "", "", put(event(at, strings.Repeat("é", (1_048_576-26)/2))))
	add("1,048,578 bytes in UTF-8", invalid, lax, put(event(at, strings.Repeat("é", (1_048_578-26)/2))))
	add("1,048,576 bytes in 1,024 events", "", "", put(same(1024, strings.Repeat("x", 1024-26))...))
	add("1,048,577 bytes in 1,024 events", invalid, lax,
		put(append(same(1023, strings.Repeat("x", 1024-26)), event(at, strings.Repeat("x", 1025-26)))...))
	add("escapes count as the characters they stand for", "", "", put(event(at, strings.Repeat("\x1b", 1_048_576-26))))
	add("an empty message", invalid, "it accepts them", put(event(at, "a"), event(at, ""), event(at, "c")))
	add("events back in time", invalid, "", put(event(at, "a"), event(at.Add(-time.Millisecond), "b")))
	add("events at the same time", "", "", put(event(at, "a"), event(at, "b")))
	add("24 hours", "", "", put(event(at.Add(-day), "a"), event(at, "b")))
	add("24 hours and a millisecond", invalid, lax, put(event(at.Add(-day-time.Millisecond), "a"), event(at, "b")))
	add("events for no stream", "ResourceNotFoundException", "", func(t *testing.T, g testGroup) error {
		_, err := g.put(t, "absent", event(at, "x"))
		return err
	})

	get := func(in logs.GetLogEventsInput) func(*testing.T, testGroup) error {
		return func(t *testing.T, g testGroup) error {
			_, err := g.get(t, in)
			return err
		}
	}
	add("a page of 10,000", "", "", get(logs.GetLogEventsInput{Limit: aws.Int32(10_000)}))
	add("a page of 10,001", invalid, "", get(logs.GetLogEventsInput{Limit: aws.Int32(10_001)}))
	add("a page of none", invalid, "it accepts any number", get(logs.GetLogEventsInput{Limit: aws.Int32(0)}))
	add("a page before 1970", invalid, "it accepts any time", get(logs.GetLogEventsInput{StartTime: aws.Int64(-1)}))
	add("a page with an unknown token", invalid, "", get(logs.GetLogEventsInput{NextToken: aws.String("invalid-token")}))
	add("a page with a token of too many digits", invalid, "",
		get(logs.GetLogEventsInput{NextToken: aws.String("f/" + strings.Repeat("9", 57) + "/s")}))
	add("forward without startFromHead", invalid, "it loses no events then; AWS does", func(t *testing.T, g testGroup) error {
		_, err := g.get(t, logs.GetLogEventsInput{NextToken: g.mustGet(t, logs.GetLogEventsInput{}).NextForwardToken})
		return err
	})

	filter := func(in logs.FilterLogEventsInput) func(*testing.T, testGroup) error {
		return func(t *testing.T, g testGroup) error {
			in.LogGroupName = g.name
			_, err := g.FilterLogEvents(t.Context(), &in)
			return err
		}
	}
	fromTail := func(start time.Time) func(*testing.T, testGroup) error {
		return filter(logs.FilterLogEventsInput{StartFromHead: aws.Bool(false), StartTime: aws.Int64(start.UnixMilli())})
	}
	newYear := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	add("a search from the end, since 2024", "", "", fromTail(newYear))
	add("a search from the end, since before 2024", invalid, "it has no startFromHead", fromTail(newYear.Add(-time.Millisecond)))
	names := func(n int) []string {
		list := make([]string, n)
		for i := range list {
			list[i] = shop
		}
		return list
	}
	add("a search in 100 streams", "", "", filter(logs.FilterLogEventsInput{LogStreamNames: names(100)}))
	add("a search in 101 streams", invalid, "it has no limit", filter(logs.FilterLogEventsInput{LogStreamNames: names(101)}))
	add("a search in no streams", invalid, "it searches all", filter(logs.FilterLogEventsInput{LogStreamNames: []string{}}))
	add("a search in an unknown stream", "ResourceNotFoundException", "it finds nothing there",
		filter(logs.FilterLogEventsInput{LogStreamNames: []string{"absent"}}))
	add("a search by names and prefix", invalid, "it has no prefix",
		filter(logs.FilterLogEventsInput{LogStreamNames: names(1), LogStreamNamePrefix: aws.String(shop)}))
	add("a search for 10,001", invalid, "", filter(logs.FilterLogEventsInput{Limit: aws.Int32(10_001)}))
	add("a search for none", invalid, "it accepts any number", filter(logs.FilterLogEventsInput{Limit: aws.Int32(0)}))
	add("a search with an unknown token", invalid, "it starts over", filter(logs.FilterLogEventsInput{NextToken: aws.String("invalid-token")}))
	add("a pattern of 1,024 characters", "", "", filter(logs.FilterLogEventsInput{FilterPattern: aws.String(strings.Repeat("x", 1024))}))
	add("a pattern of 1,025 characters", invalid, "it accepts any length",
		filter(logs.FilterLogEventsInput{FilterPattern: aws.String(strings.Repeat("x", 1025))}))
	for _, text := range []string{"ERR*", `"open`, "%(a|b)%", "{ $.a = 1", "{ $.a EXISTS }", "[a, a]"} {
		add("the pattern "+text, invalid, "it treats invalid patterns as no pattern",
			filter(logs.FilterLogEventsInput{FilterPattern: aws.String(text)}))
	}

	describe := func(in logs.DescribeLogStreamsInput) func(*testing.T, testGroup) error {
		return func(t *testing.T, g testGroup) error {
			if in.LogGroupIdentifier == nil {
				in.LogGroupName = g.name
			}
			_, err := g.DescribeLogStreams(t.Context(), &in)
			return err
		}
	}
	add("a list of 50", "", "", describe(logs.DescribeLogStreamsInput{Limit: aws.Int32(50)}))
	add("a list of 51", invalid, "", describe(logs.DescribeLogStreamsInput{Limit: aws.Int32(51)}))
	add("a list of none", invalid, "it accepts any number", describe(logs.DescribeLogStreamsInput{Limit: aws.Int32(0)}))
	add("a list with an unknown token", invalid, "it fails", describe(logs.DescribeLogStreamsInput{NextToken: aws.String("invalid-token")}))
	add("a prefix by last event", invalid, "",
		describe(logs.DescribeLogStreamsInput{OrderBy: types.OrderByLastEventTime, LogStreamNamePrefix: aws.String(shop)}))
	add("an ARN in the form with the streams", invalid, "",
		describe(logs.DescribeLogStreamsInput{LogGroupIdentifier: aws.String("arn:aws:logs:us-east-1:000000000000:log-group:/heroku/apps:*")}))
	groups := func(in logs.DescribeLogGroupsInput) func(*testing.T, testGroup) error {
		return func(t *testing.T, g testGroup) error {
			_, err := g.DescribeLogGroups(t.Context(), &in)
			return err
		}
	}
	add("a list of 51 groups", invalid, "", groups(logs.DescribeLogGroupsInput{Limit: aws.Int32(51)}))
	add("a list of groups by an empty pattern", "", "", groups(logs.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("")}))
	add("a list of groups by a wildcard", invalid, "it ignores the pattern",
		groups(logs.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("a*")}))
	add("a list of groups by an empty prefix", invalid, "it accepts any prefix",
		groups(logs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("")}))
	conform(t, checks)
}
