package iamtest

import (
	"strings"
	"unicode/utf8"
)

// matches reports whether a text fits a pattern, in which * stands for any characters, or none, and ? for one.
func matches(pattern, text string) bool {
	return fits(pattern, text, func(a, b byte) bool { return a == b })
}

// matchesAction compares actions, which have no case.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func matchesAction(pattern, action string) bool {
	return fits(pattern, action, func(a, b byte) bool { return lower(a) == lower(b) })
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// fits compares byte by byte.
func fits(pattern, text string, same func(a, b byte) bool) bool {
	star, again := -1, 0 // the last * of the pattern, and from where in the text on what follows it is to be tried next
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, again = p, t
			p++
		case p < len(pattern) && pattern[p] == '?':
			_, size := utf8.DecodeRuneInString(text[t:])
			p, t = p+1, t+size
		case p < len(pattern) && same(pattern[p], text[t]):
			p, t = p+1, t+1
		case star >= 0:
			again++
			p, t = star+1, again
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// An ARN has six parts between colons: arn, partition, service, Region, account, and the resource with its own colons.
const (
	regionPart  = 3
	accountPart = 4
	arnParts    = 6
)

// matchesARN compares ARNs part by part: wildcards do not reach beyond a colon but in a pattern's last part.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func matchesARN(pattern, arn string) bool {
	patterns := strings.SplitN(pattern, ":", arnParts)
	parts := strings.SplitN(arn, ":", len(patterns))
	if len(parts) < len(patterns) {
		return false
	}
	for i, p := range patterns {
		if !matches(p, parts[i]) {
			return false
		}
	}
	return true
}
