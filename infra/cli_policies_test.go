package main

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"heroku-drains/infra/internal/iamtest"
)

// documents are the policies in docs/deploy.md that each verb of the CLI needs, as the page says.
var documents = map[string][]string{
	"get":       {"read"},
	"list":      {"read"},
	"logs":      {"read"},
	"ledger":    {"read"},
	"cost":      {"read"},
	"console":   {"read"},
	"put":       {"read", "manage"},
	"delete":    {"read", "manage"},
	"sync":      {"read", "manage"},
	"redrive":   {"read", "redrive"},
	"doctor":    {"read", "doctor"},
	"doctor -a": {"read", "doctor", "manage"},
	"rotate":    {"read", "manage", "rotate"},

	"alerts list":      {"read"},
	"alerts rules":     {"read"},
	"alerts mute":      {"read", "alerts"},
	"alerts unmute":    {"read", "alerts"},
	"alerts send-test": {"read", "alerts"},
}

// unrecorded are the actions that the documents allow for a reason that no verb shows.
var unrecorded = map[string]string{
	"secretsmanager:UpdateSecretVersionStage": "the page makes the previous key invalid with the aws CLI",
}

// The policies in docs/deploy.md allow what the CLI's verbs do, and nothing else.
func TestPoliciesOfTheCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("rotates a signing key, which takes seconds")
	}
	asked := recordVerbs(t)
	for verb, names := range documents {
		if len(asked[verb]) == 0 {
			t.Errorf("%s makes no call", verb)
		}
		for _, r := range joined(t, names).Denied(asked[verb]) {
			t.Errorf("%s does, but is not allowed to by %v: %s", verb, names, r)
		}
	}
	for _, names := range [][]string{
		{"read"}, {"read", "manage"}, {"read", "alerts"}, {"read", "redrive"}, {"read", "doctor", "manage"}, {"read", "manage", "rotate"},
	} {
		checkRole(t, names, asked)
	}
}

// checkRole checks that a role with these policies is allowed nothing but what those verbs do that need no other.
func checkRole(t *testing.T, names []string, asked map[string][]iamtest.Request) {
	t.Helper()
	policy := joined(t, names)
	var requests []iamtest.Request
	for verb, needed := range documents {
		if !slices.ContainsFunc(needed, func(name string) bool { return !slices.Contains(names, name) }) {
			requests = append(requests, asked[verb]...)
		}
	}
	for _, grant := range policy.Unused(requests) {
		if unrecorded[grant.Action] == "" {
			t.Errorf("%v allows, but no verb needs: %s", names, grant)
		}
	}
	if loose := policy.Loose(requests); len(loose) > 0 { // there may be one for each character of a request
		t.Errorf("%v allows, but should not: %s", names, loose[0])
	}
	for _, mutant := range policy.Mutants() {
		if len(mutant.Policy.Denied(requests)) == 0 && len(mutant.Policy.Loose(requests)) == 0 {
			t.Errorf("%v: no check fails if %s", names, mutant.Mistake)
		}
	}
}

// joined returns the statements of several policies of docs/deploy.md.
func joined(t *testing.T, names []string) iamtest.Policy {
	t.Helper()
	page, err := os.ReadFile("../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	var all iamtest.Policy
	for _, name := range names {
		block := regexp.MustCompile("(?m)^`" + name + "-policy\\.json`.*\n(?:.+\n)*\n```json\n((?s:.*?))```").FindSubmatch(page)
		if block == nil {
			t.Fatalf("deploy.md has no %s-policy.json", name)
		}
		policy, err := iamtest.Parse(block[1], nil)
		if err != nil {
			t.Fatalf("%s-policy.json: %v", name, err)
		}
		all = append(all, policy...)
	}
	return all
}
