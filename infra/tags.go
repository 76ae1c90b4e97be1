package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A key may hold a '=' as well, but not in a list of key=value. https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
var (
	tagKeyPattern   = regexp.MustCompile(`^[\p{L}\p{N}\p{Zs}_.:/+@-]{1,128}$`)
	tagValuePattern = regexp.MustCompile(`^[\p{L}\p{N}\p{Zs}_.:/=+@-]{0,256}$`)
)

const (
	// AWS has 50 on most resources, and a drain's queue has five of ours.
	maxTags = 40
	// Lambda's environment has 4 KB in all, the names of the stack's resources included.
	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	maxTagsText = 2000

	tagsAllowed = "key=value pairs with commas between them, such as team=web,cost-center=42: 40 at most and 2000 characters in all, of " +
		"letters, digits, spaces and _ . : / + @ - (a value may hold = as well), no key twice, none that begins with aws: or heroku-drains:"
)

// tagList takes tags as key=value,key=value. AWS allows no comma in either.
func tagList(into *map[string]string) func(any) bool {
	return func(value any) bool {
		text, _ := value.(string)
		tags := map[string]string{}
		for pair := range strings.SplitSeq(text, ",") {
			key, value, given := strings.Cut(strings.TrimSpace(pair), "=")
			_, twice := tags[key]
			if !given || twice || !tagKeyPattern.MatchString(key) || !tagValuePattern.MatchString(value) || reserved(key) {
				return false
			}
			tags[key] = value
		}
		*into = tags
		return len(tags) <= maxTags && len(text) <= maxTagsText
	}
}

// reserved are the keys that AWS keeps for itself, and those by which the functions know a queue.
func reserved(key string) bool {
	key = strings.ToLower(key)
	return strings.HasPrefix(key, "aws:") || strings.HasPrefix(key, "heroku-drains:")
}

// resourceTags are on all resources, those that are made at run time included. The user's word is the last.
func (s *settings) resourceTags() map[string]string {
	tags := map[string]string{"application": "heroku-drains", "stack": s.stackName}
	maps.Copy(tags, s.tags)
	return tags
}

// tagText is tags as an environment variable holds them.
func tagText(tags map[string]string) string {
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		pairs = append(pairs, key+"="+tags[key])
	}
	return strings.Join(pairs, ",")
}
