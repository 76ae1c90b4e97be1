package main

import (
	"maps"
	"regexp"
	"strings"
)

// AWS also allows = in a key, but a key in a list of key=value pairs cannot contain it.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
var (
	tagKeyPattern   = regexp.MustCompile(`^[\p{L}\p{N}\p{Zs}_.:/+@-]{1,128}$`)
	tagValuePattern = regexp.MustCompile(`^[\p{L}\p{N}\p{Zs}_.:/=+@-]{0,256}$`)
)

const (
	// AWS allows 50 on most resources, and a drain's queue has six of its own.
	maxTags = 40
	// Lambda limits a function's environment to 4 KB, which includes the names of the stack's resources.
	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	maxTagsText = 2000

	tagsAllowed = "key=value pairs separated by commas, such as team=web,cost-center=42: at most 40 pairs and 2000 characters; " +
		"letters, digits, spaces and _ . : / + @ - (and = in values); no duplicate keys, and none that start with aws: or heroku-drains:"
)

// tagList accepts tags as key=value,key=value. AWS allows commas in neither.
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

// reserved reports whether a key is reserved by AWS, or is one by which the functions recognize a queue.
func reserved(key string) bool {
	key = strings.ToLower(key)
	return strings.HasPrefix(key, "aws:") || strings.HasPrefix(key, "heroku-drains:")
}

// resourceTags returns the tags of all resources, including those created at run time. The user's tags take precedence.
func (s *settings) resourceTags() map[string]string {
	tags := map[string]string{"application": "heroku-drains", "stack": string(s.stackName)}
	maps.Copy(tags, s.tags)
	return tags
}
