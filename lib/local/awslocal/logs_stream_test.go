package awslocal_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestLogStreams(t *testing.T) {
	conform(t, []check{
		{name: "a new stream has no events", run: func(t *testing.T, b backend) {
			got := newGroup(t, b, shop).streams(t, logs.DescribeLogStreamsInput{})
			want := []types.LogStream{{
				LogStreamName: aws.String(shop), StoredBytes: aws.Int64(0),
				Arn: aws.String("arn:aws:logs:us-east-1:" + b.account + ":log-group:" + groupName + ":log-stream:" + shop),
			}}
			ignore := []cmp.Option{cmpopts.IgnoreUnexported(types.LogStream{}), cmpopts.IgnoreFields(types.LogStream{}, "CreationTime")}
			if diff := cmp.Diff(want, got, ignore...); diff != "" {
				t.Error(diff)
			}
			if got[0].CreationTime == nil || *got[0].CreationTime < ago(time.Minute).UnixMilli() {
				t.Errorf("created at %v", got[0].CreationTime)
			}
		}},
		{name: "a stream shows the times of its events", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			at := ago(time.Hour)
			g.mustPut(t, shop, numbered(at, 3)...)
			g.mustPut(t, shop, event(at.Add(-time.Minute), "late"))
			got := g.streams(t, logs.DescribeLogStreamsInput{})[0]
			if *got.FirstEventTimestamp != at.Add(-time.Minute).UnixMilli() || *got.LastEventTimestamp != at.Add(2*time.Second).UnixMilli() {
				t.Errorf("events from %d to %d", *got.FirstEventTimestamp, *got.LastEventTimestamp)
			}
			if *got.LastIngestionTime < ago(time.Minute).UnixMilli() || got.UploadSequenceToken == nil || *got.UploadSequenceToken == "" {
				t.Errorf("ingested at %d, token %v", *got.LastIngestionTime, got.UploadSequenceToken)
			}
		}},
		{name: "stored bytes are always 0", notMoto: "it counts them", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, event(ago(0), "x"))
			//lint:ignore SA1019 clients still read it
			if got := g.streams(t, logs.DescribeLogStreamsInput{})[0].StoredBytes; *got != 0 {
				t.Errorf("%d", *got)
			}
		}},
		{name: "a second stream with the same name is rejected", run: func(t *testing.T, b backend) {
			wantCode(t, newGroup(t, b, shop).create(t, shop), "ResourceAlreadyExistsException")
		}},
		{name: "a deleted stream is gone, with its events", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			g.mustPut(t, shop, event(ago(0), "x"))
			remove := func() error {
				_, err := g.DeleteLogStream(t.Context(), &logs.DeleteLogStreamInput{LogGroupName: g.name, LogStreamName: aws.String(shop)})
				return err
			}
			if err := remove(); err != nil {
				t.Fatal(err)
			}
			wantCode(t, remove(), "ResourceNotFoundException")
			_, err := g.get(t, logs.GetLogEventsInput{})
			wantCode(t, err, "ResourceNotFoundException")
			if err := g.create(t, shop); err != nil {
				t.Fatal(err)
			}
			if got := g.messages(t, logs.FilterLogEventsInput{}); len(got) != 0 {
				t.Errorf("a new stream of the name has %q", got)
			}
		}},
		{name: "streams by prefix, in order and in pages", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, "[APP]shop-staging", shop, "[APP]shopping", "[APP]sho", "app/web.1")
			want := []string{shop, "[APP]shop-staging", "[APP]shopping"}
			for _, limit := range []int32{1, 2, 50} {
				got := g.streams(t, logs.DescribeLogStreamsInput{LogStreamNamePrefix: aws.String(shop), Limit: aws.Int32(limit)})
				if diff := cmp.Diff(want, streamNames(got)); diff != "" {
					t.Errorf("pages of %d:\n%s", limit, diff)
				}
			}
		}},
		{name: "streams by the time of their last event", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, "a", "b", "c", "d", "empty")
			for i, name := range []string{"c", "a", "d", "b"} {
				g.mustPut(t, name, event(ago(time.Hour-time.Duration(i)*time.Second), "x"))
			}
			for _, limit := range []int32{1, 2, 3, 50} {
				in := logs.DescribeLogStreamsInput{OrderBy: types.OrderByLastEventTime, Descending: aws.Bool(true), Limit: aws.Int32(limit)}
				if diff := cmp.Diff([]string{"b", "d", "a", "c", "empty"}, streamNames(g.streams(t, in))); diff != "" {
					t.Errorf("descending, pages of %d:\n%s", limit, diff)
				}
				in.Descending = aws.Bool(false)
				if diff := cmp.Diff([]string{"empty", "c", "a", "d", "b"}, streamNames(g.streams(t, in))); diff != "" {
					t.Errorf("ascending, pages of %d:\n%s", limit, diff)
				}
			}
		}},
		{name: "50 streams are a page", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			for i := range 51 {
				if err := g.create(t, fmt.Sprintf("s%02d", i)); err != nil {
					t.Fatal(err)
				}
			}
			page, err := g.DescribeLogStreams(t.Context(), &logs.DescribeLogStreamsInput{LogGroupName: g.name})
			if err != nil || len(page.LogStreams) != 50 || page.NextToken == nil {
				t.Fatalf("%d streams, token %v, %v", len(page.LogStreams), page.NextToken, err)
			}
			if got := g.streams(t, logs.DescribeLogStreamsInput{Descending: aws.Bool(true)}); len(got) != 51 || *got[0].LogStreamName != "s50" {
				t.Errorf("descending: %d streams from %s on", len(got), *got[0].LogStreamName)
			}
		}},
		{name: "a group is found by its name or ARN", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			for _, identifier := range []string{groupName, "arn:aws:logs:us-east-1:" + b.account + ":log-group:" + groupName} {
				got, err := g.DescribeLogStreams(t.Context(), &logs.DescribeLogStreamsInput{LogGroupIdentifier: aws.String(identifier)})
				if err != nil || len(got.LogStreams) != 1 {
					t.Errorf("%s: %v, %v", identifier, got, err)
				}
			}
		}},
		{name: "another account's group is not found", notMoto: "it goes by the name in the ARN", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			for _, arn := range []string{"arn:aws:logs:us-east-1:111122223333:log-group:", "arn:aws:logs:eu-west-1:" + b.account + ":log-group:"} {
				_, err := g.DescribeLogStreams(t.Context(), &logs.DescribeLogStreamsInput{LogGroupIdentifier: aws.String(arn + groupName)})
				wantCode(t, err, "ResourceNotFoundException")
			}
		}},
	})
}

// streams reads all pages of DescribeLogStreams.
func (g testGroup) streams(t *testing.T, in logs.DescribeLogStreamsInput) []types.LogStream {
	t.Helper()
	in.LogGroupName = g.name
	var streams []types.LogStream
	for pages := logs.NewDescribeLogStreamsPaginator(g, &in); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatalf("describe log streams: %v", err)
		}
		if in.Limit != nil && len(page.LogStreams) > int(*in.Limit) {
			t.Fatalf("a page of %d streams", len(page.LogStreams))
		}
		streams = append(streams, page.LogStreams...)
	}
	return streams
}

func streamNames(streams []types.LogStream) []string {
	var names []string
	for _, s := range streams {
		names = append(names, *s.LogStreamName)
	}
	return names
}
