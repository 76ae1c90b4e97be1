package cwlogs

import (
	"context"
	"maps"
	"regexp"
	"slices"
)

// maxTags is the largest number of tags on a log group.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html
const maxTags = 50

var (
	resourceForm = regexp.MustCompile(`^[\w+=/:,.@-]*$`)
	tagKeyForm   = regexp.MustCompile(`^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$`)
	tagValueForm = regexp.MustCompile(`^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`)
)

// tags checks that there are 1 to 50 tags, with keys of 1 to 128 characters and values of up to 256.
func (c *checks) tags(tags map[string]string) {
	if len(tags) == 0 {
		c.fail("'{}'", "tags", "have length greater than or equal to 1")
	}
	if len(tags) > maxTags {
		c.fail("", "tags", "have length less than or equal to %d", maxTags)
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		c.text("tags", key, 1, 128, tagKeyForm)
		c.text("tags."+key+".member", tags[key], 0, 256, tagValueForm)
	}
}

type resourceIn struct {
	ResourceARN *string `json:"resourceArn"`
}

type listTagsOut struct {
	Tags map[string]string `json:"tags"`
}

func (s *Service) listTagsForResource(_ context.Context, in *resourceIn) (*listTagsOut, error) {
	var c checks
	c.resource(in.ResourceARN)
	out := new(listTagsOut)
	return out, s.withResource(&c, in.ResourceARN, func(g *group) error {
		out.Tags = maps.Clone(g.tags)
		return nil
	})
}

type tagResourceIn struct {
	resourceIn
	Tags map[string]string
}

func (s *Service) tagResource(_ context.Context, in *tagResourceIn) (*empty, error) {
	var c checks
	c.resource(in.ResourceARN)
	if c.required("tags", in.Tags != nil) {
		c.tags(in.Tags)
	}
	return nil, s.withResource(&c, in.ResourceARN, func(g *group) error {
		tags := maps.Clone(g.tags)
		maps.Copy(tags, in.Tags)
		if len(tags) > maxTags {
			return refusal("TooManyTagsException", "The log group would have %d tags; the maximum is %d.", len(tags), maxTags)
		}
		g.tags = tags
		s.journal.Save(g)
		return nil
	})
}

type untagResourceIn struct {
	resourceIn
	TagKeys []string
}

func (s *Service) untagResource(_ context.Context, in *untagResourceIn) (*empty, error) {
	var c checks
	c.resource(in.ResourceARN)
	c.required("tagKeys", in.TagKeys != nil)
	if len(in.TagKeys) > maxTags {
		c.fail("", "tagKeys", "have length less than or equal to %d", maxTags)
	}
	return nil, s.withResource(&c, in.ResourceARN, func(g *group) error {
		for _, key := range in.TagKeys {
			delete(g.tags, key)
		}
		s.journal.Save(g)
		return nil
	})
}

func (c *checks) resource(arn *string) {
	if c.required("resourceArn", arn != nil) {
		c.text("resourceArn", *arn, 1, 1011, resourceForm)
	}
}

// withResource calls do on the log group with an ARN, with the Service locked. It fails if the checks have failed.
func (s *Service) withResource(c *checks, arn *string, do func(*group) error) error {
	if err := c.err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name, ours := s.groupOfARN(*arn)
	if !ours {
		return noSuchGroup()
	}
	g, err := s.findGroup(name)
	if err != nil {
		return err
	}
	return do(g)
}
