package iamtest

import (
	"strings"
	"unicode/utf8"
)

// matches reports whether a text matches a pattern, in which * matches any number of characters and ? matches one.
func matches(pattern, text string) bool {
	return match(pattern, text, func(a, b byte) bool { return a == b })
}

// matchesAction is matches for actions, which are not case-sensitive.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func matchesAction(pattern, action string) bool {
	return match(pattern, action, func(a, b byte) bool { return lower(a) == lower(b) })
}

// lower returns c as a lower-case letter, if it is a letter.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// match compares byte by byte.
func match(pattern, text string, same func(a, b byte) bool) bool {
	star, retry := -1, 0 // the last * of the pattern, and the position in the text to match what follows it
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, retry = p, t
			p++
		case p < len(pattern) && pattern[p] == '?':
			_, size := utf8.DecodeRuneInString(text[t:])
			p, t = p+1, t+size
		case p < len(pattern) && same(pattern[p], text[t]):
			p, t = p+1, t+1
		case star >= 0:
			retry++
			p, t = star+1, retry
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// An ARN has six parts separated by colons: arn, partition, service, Region, account, and the resource, which may contain colons.
const (
	regionPart  = 3
	accountPart = 4
	arnParts    = 6
)

// matchesARN compares ARNs part by part: wildcards do not match across a colon, except in the last part of a pattern.
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
