package provision_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/provision"
	"heroku-drains/lib/local/localtest"
)

// tagged returns a Manager whose stack has these tags.
func (s *stack) tagged(tags map[string]string) *provision.Manager {
	cfg := s.cfg
	cfg.Tags = tags
	return s.manager(cfg)
}

func TestPutTagsNewResourcesWithTheStacksTags(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.tagged(map[string]string{"team": "web", "heroku-drains:app": "another", "heroku-drains:stack": "another"}), "shop", "")
	want := map[string]string{
		"team": "web", "heroku-drains:app": "shop", "heroku-drains:stack": stackName, drain.TagFormat: "text", drain.TagANSI: "keep",
	}
	if diff := cmp.Diff(want, s.tags(t, "APP_shop")); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
	mapping, err := s.lambda.ListTags(t.Context(), &lambda.ListTagsInput{Resource: s.mappings(t)[0].EventSourceMappingArn})
	localtest.Must(t, err)
	if diff := cmp.Diff(map[string]string{"team": "web", "heroku-drains:app": "shop", "heroku-drains:stack": stackName}, mapping.Tags); diff != "" {
		t.Errorf("mapping (-want +got):\n%s", diff)
	}
}

func TestPutAddsTheStacksTagsToAnOldQueue(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.tagged(map[string]string{"team": "web", "old": "yes"}), "shop", `{"format":"json"}`)
	manager := s.tagged(map[string]string{"team": "data", "cost-center": "42"})
	put(t, manager, "shop", "")
	want := map[string]string{
		"team": "data", "cost-center": "42", "old": "yes", // may be someone else's by now
		"heroku-drains:app": "shop", "heroku-drains:stack": stackName, drain.TagFormat: "json", drain.TagANSI: "keep",
	}
	if diff := cmp.Diff(want, s.tags(t, "APP_shop")); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
	s.called()
	put(t, manager, "shop", "")
	if calls := s.called(); slices.Contains(calls, "TagQueue") {
		t.Errorf("a queue with all its tags is tagged again: %v", calls)
	}
}
