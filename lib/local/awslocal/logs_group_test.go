package awslocal_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestLogGroups(t *testing.T) {
	conform(t, []check{
		{name: "a new group is described with ARNs in both forms", run: func(t *testing.T, b backend) {
			got := newGroup(t, b).describe(t, logs.DescribeLogGroupsInput{})
			arn := "arn:aws:logs:us-east-1:" + b.account + ":log-group:" + groupName
			want := []types.LogGroup{{
				LogGroupName: aws.String(groupName), Arn: aws.String(arn + ":*"), LogGroupArn: aws.String(arn),
				LogGroupClass: types.LogGroupClassStandard, MetricFilterCount: aws.Int32(0), StoredBytes: aws.Int64(0),
			}}
			ignore := []cmp.Option{
				cmpopts.IgnoreUnexported(types.LogGroup{}),
				cmpopts.IgnoreFields(types.LogGroup{}, "CreationTime", "DeletionProtectionEnabled", "BearerTokenAuthenticationEnabled"),
			}
			if b.name == motoName {
				ignore = append(ignore, cmpopts.IgnoreFields(types.LogGroup{}, "LogGroupClass")) // it knows no classes
			}
			if diff := cmp.Diff(want, got, ignore...); diff != "" {
				t.Error(diff)
			}
			if got[0].CreationTime == nil || *got[0].CreationTime < ago(0).UnixMilli()-60_000 {
				t.Errorf("created at %v", got[0].CreationTime)
			}
		}},
		{name: "a second group with the same name is rejected", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			_, err := g.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: g.name})
			wantCode(t, err, "ResourceAlreadyExistsException")
		}},
		{name: "a deleted group is gone, with its streams", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop)
			if _, err := g.DeleteLogGroup(t.Context(), &logs.DeleteLogGroupInput{LogGroupName: g.name}); err != nil {
				t.Fatal(err)
			}
			if got := g.describe(t, logs.DescribeLogGroupsInput{}); len(got) != 0 {
				t.Errorf("described: %v", got)
			}
			wantCode(t, g.create(t, shop), "ResourceNotFoundException")
			_, err := g.put(t, shop, event(ago(0), "x"))
			wantCode(t, err, "ResourceNotFoundException")
			_, err = g.DeleteLogGroup(t.Context(), &logs.DeleteLogGroupInput{LogGroupName: g.name})
			wantCode(t, err, "ResourceNotFoundException")
			if _, err := g.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: g.name}); err != nil {
				t.Fatal(err)
			}
			if err := g.create(t, shop); err != nil {
				t.Errorf("in a new group of the name: %v", err)
			}
		}},
		{name: "the retention is described, and goes away", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			if err := g.retain(t, 7); err != nil {
				t.Fatal(err)
			}
			if got := g.describe(t, logs.DescribeLogGroupsInput{})[0].RetentionInDays; got == nil || *got != 7 {
				t.Errorf("retention %v", got)
			}
			for range 2 { // the second time, there is no policy
				if _, err := g.DeleteRetentionPolicy(t.Context(), &logs.DeleteRetentionPolicyInput{LogGroupName: g.name}); err != nil {
					t.Fatal(err)
				}
			}
			if got := g.describe(t, logs.DescribeLogGroupsInput{})[0].RetentionInDays; got != nil {
				t.Errorf("retention %d after its deletion", *got)
			}
		}},
		{name: "groups by prefix, in order and in pages", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			for _, name := range []string{"b", "heroku", "/heroku/z", "/heroku/a", "/Heroku/a"} {
				if _, err := g.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: aws.String(name)}); err != nil {
					t.Fatal(err)
				}
			}
			want := []string{"/heroku/a", "/heroku/apps", "/heroku/z"}
			for _, limit := range []int32{1, 2, 3, 50} {
				got := g.describe(t, logs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/heroku"), Limit: aws.Int32(limit)})
				if diff := cmp.Diff(want, groupNames(got)); diff != "" {
					t.Errorf("pages of %d:\n%s", limit, diff)
				}
			}
		}},
		{name: "a pattern finds groups by a part of their names", notMoto: "it ignores the pattern", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			for _, name := range []string{"apps", "Apps"} {
				if _, err := g.CreateLogGroup(t.Context(), &logs.CreateLogGroupInput{LogGroupName: aws.String(name)}); err != nil {
					t.Fatal(err)
				}
			}
			got := g.describe(t, logs.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("app")})
			if diff := cmp.Diff([]string{"/heroku/apps", "apps"}, groupNames(got)); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "a class is stored and can be searched for", notMoto: "it has no classes", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			for _, class := range []types.LogGroupClass{types.LogGroupClassInfrequentAccess, types.LogGroupClassStandard, types.LogGroupClassDelivery} {
				in := &logs.CreateLogGroupInput{LogGroupName: aws.String(string(class)), LogGroupClass: class}
				if _, err := g.CreateLogGroup(t.Context(), in); err != nil {
					t.Fatal(err)
				}
			}
			got := g.describe(t, logs.DescribeLogGroupsInput{LogGroupClass: types.LogGroupClassInfrequentAccess})
			if len(got) != 1 || *got[0].LogGroupName != "INFREQUENT_ACCESS" || got[0].LogGroupClass != types.LogGroupClassInfrequentAccess {
				t.Errorf("described: %v", groupNames(got))
			}
		}},
		{name: "a group shows its stored bytes", notMoto: "it does not count the 26 bytes of an event", run: func(t *testing.T, b backend) {
			g := newGroup(t, b, shop, "other")
			g.mustPut(t, shop, event(ago(0), "12345"), event(ago(0), "é"))
			g.mustPut(t, "other", event(ago(0), "1"))
			if got := *g.describe(t, logs.DescribeLogGroupsInput{})[0].StoredBytes; got != 5+2+1+3*26 {
				t.Errorf("%d bytes", got)
			}
		}},
	})
}

func TestLogGroupTags(t *testing.T) {
	conform(t, []check{
		{name: "tags are added, changed, removed and listed", run: func(t *testing.T, b backend) {
			g := testGroup{logs.NewFromConfig(b.config), aws.String(groupName)}
			in := &logs.CreateLogGroupInput{LogGroupName: g.name, Tags: map[string]string{"owner": "apps", "phase": "new"}}
			if _, err := g.CreateLogGroup(t.Context(), in); err != nil {
				t.Fatal(err)
			}
			arn := aws.String("arn:aws:logs:us-east-1:" + b.account + ":log-group:" + groupName)
			tag := &logs.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"phase": "old", "extra": ""}}
			if _, err := g.TagResource(t.Context(), tag); err != nil {
				t.Fatal(err)
			}
			untag := &logs.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"owner", "absent"}}
			if _, err := g.UntagResource(t.Context(), untag); err != nil {
				t.Fatal(err)
			}
			got, err := g.ListTagsForResource(t.Context(), &logs.ListTagsForResourceInput{ResourceArn: arn})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]string{"phase": "old", "extra": ""}, got.Tags); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "a group has at most 50 tags", notMoto: "it has no limit", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			arn := aws.String("arn:aws:logs:us-east-1:" + b.account + ":log-group:" + groupName)
			tags := make(map[string]string)
			for i := range 50 {
				tags[fmt.Sprint("key", i)] = "value"
			}
			if _, err := g.TagResource(t.Context(), &logs.TagResourceInput{ResourceArn: arn, Tags: tags}); err != nil {
				t.Fatal(err)
			}
			_, err := g.TagResource(t.Context(), &logs.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"one": "more"}})
			wantCode(t, err, "TooManyTagsException")
		}},
		{name: "another account's group is not found", notMoto: "it has tags for any ARN", run: func(t *testing.T, b backend) {
			g := newGroup(t, b)
			for _, arn := range []string{
				"arn:aws:logs:us-east-1:" + b.account + ":log-group:absent",
				"arn:aws:logs:us-east-1:111122223333:log-group:" + groupName,
			} {
				_, err := g.ListTagsForResource(t.Context(), &logs.ListTagsForResourceInput{ResourceArn: aws.String(arn)})
				wantCode(t, err, "ResourceNotFoundException")
			}
		}},
	})
}

// describe reads all pages of DescribeLogGroups.
func (g testGroup) describe(t *testing.T, in logs.DescribeLogGroupsInput) []types.LogGroup {
	t.Helper()
	var groups []types.LogGroup
	for pages := logs.NewDescribeLogGroupsPaginator(g, &in); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatalf("describe log groups: %v", err)
		}
		if in.Limit != nil && len(page.LogGroups) > int(*in.Limit) {
			t.Fatalf("a page of %d groups", len(page.LogGroups))
		}
		groups = append(groups, page.LogGroups...)
	}
	return groups
}

func groupNames(groups []types.LogGroup) []string {
	var names []string
	for _, g := range groups {
		names = append(names, *g.LogGroupName)
	}
	return slices.Clip(names)
}
