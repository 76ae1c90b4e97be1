package main

import (
	"regexp"
	"strings"
)

// wordStart is where a word of a CamelCase name begins.
var wordStart = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// resourceName is the stack's name as AWS resources are usually written: HerokuDrains gives heroku-drains. Two stacks
// of one account thus get two sets of functions.
func (s *settings) resourceName() string {
	return strings.ToLower(wordStart.ReplaceAllString(s.stackName, "$1-$2"))
}

func (s *settings) drainsFunctionName() string  { return s.resourceName() }
func (s *settings) storageFunctionName() string { return s.resourceName() + "-storage" }
