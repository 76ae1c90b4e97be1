package docs_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/stack"
)

// policy is an IAM policy, with only the members that deploy.md uses.
type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid       string
	Effect    string
	Principal map[string]string
	Action    texts
	Resource  texts
	Condition map[string]map[string]string
}

// texts is one text or a list of them: IAM accepts both.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

var (
	jsonBlock = regexp.MustCompile("(?s)```json\n(.*?)```")
	// namedPolicy matches a policy, after a paragraph that begins with the name of its file.
	namedPolicy = regexp.MustCompile("(?m)^`([a-z-]+\\.json)`.*\n(?:.+\n)*\n```json\n((?s:.*?))```")
)

// policies returns the policies in deploy.md, by file name.
func policies(t *testing.T) map[string]policy {
	t.Helper()
	page := read(t, "deploy.md")
	found := map[string]policy{}
	for _, match := range namedPolicy.FindAllStringSubmatch(page, -1) {
		decoder := json.NewDecoder(strings.NewReader(match[2]))
		decoder.DisallowUnknownFields()
		var p policy
		if err := decoder.Decode(&p); err != nil {
			t.Fatalf("%s is not an IAM policy: %v", match[1], err)
		}
		found[match[1]] = p
	}
	if blocks := len(jsonBlock.FindAllString(page, -1)); blocks != len(found) {
		t.Fatalf("deploy.md has %d blocks of JSON, but only %d are policies with a file name: %v", blocks, len(found), found)
	}
	return found
}

func TestPoliciesAllowWhatTheyName(t *testing.T) {
	want := map[string][]string{
		"deploy-trust.json":  {"sts:AssumeRoleWithWebIdentity"},
		"deploy-policy.json": {"sts:AssumeRole"},
		"diff-trust.json":    {"sts:AssumeRoleWithWebIdentity"},
		"diff-policy.json":   {"cloudformation:DescribeStacks", "cloudformation:GetTemplate"},
		"read-policy.json": {"cloudformation:DescribeStacks", "execute-api:Invoke", "execute-api:Invoke", "logs:FilterLogEvents", "logs:StartQuery",
			"logs:StartQuery", "logs:GetQueryResults", "logs:StopQuery", "cloudwatch:GetMetricData",
			"sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"},
		"redrive-policy.json": {"sqs:StartMessageMoveTask", "sqs:ListMessageMoveTasks", "sqs:DeleteMessage", "sqs:SendMessage"},
		"manage-policy.json":  {"execute-api:Invoke"},
		"alerts-policy.json":  {"execute-api:Invoke", "execute-api:Invoke"},
		"topic-policy.json":   {"sns:Publish"},
		"doctor-policy.json": {"sqs:GetQueueAttributes", "sns:ListSubscriptionsByTopic", "sqs:ListDeadLetterSourceQueues", "sqs:ListQueueTags",
			"logs:FilterLogEvents", "lambda:GetAccountSettings", "lambda:ListEventSourceMappings"},
		"rotate-policy.json": {"secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"},
	}
	got := map[string][]string{}
	for name, p := range policies(t) {
		if p.Version != "2012-10-17" {
			t.Errorf("%s has version %q", name, p.Version)
		}
		for _, s := range p.Statement {
			got[name] = append(got[name], s.Action...)
			if s.Effect != "Allow" {
				t.Errorf("%s has the effect %q", name, s.Effect)
			}
			trust, ofResource := strings.HasSuffix(name, "-trust.json"), name == "topic-policy.json"
			if trust == (len(s.Resource) > 0) || (trust || ofResource) != (len(s.Principal) > 0) {
				t.Errorf("%s: a trust policy must have a principal and no resource, a topic's both, any other policy a resource", name)
			}
			for _, resource := range s.Resource {
				if ofResource && strings.Contains(s.Condition["ArnLike"]["aws:PrincipalArn"], ":111122223333:") {
					continue // it is limited by who may publish; the topic is in another account
				}
				if resource == "*" && !slices.ContainsFunc(s.Action, supportsResources) {
					continue
				}
				if !strings.HasPrefix(resource, "arn:aws:") || !strings.Contains(resource, ":111122223333:") {
					t.Errorf("%s allows %s, which is not limited to one account", name, resource)
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
}

// supportsResources reports whether a policy can limit an action to some resources.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func supportsResources(action string) bool {
	return !slices.Contains([]string{
		"cloudwatch:GetMetricData", "lambda:GetAccountSettings", "lambda:ListEventSourceMappings", "logs:GetQueryResults", "logs:StopQuery", "sqs:ListQueues",
	}, action)
}

func TestRolesTrustOneKindOfJob(t *testing.T) {
	const issuer = "token.actions.githubusercontent.com"
	for name, job := range map[string]string{"deploy-trust.json": ":environment:production", "diff-trust.json": ":pull_request"} {
		s := policies(t)[name].Statement[0]
		if got, want := s.Principal["Federated"], "arn:aws:iam::111122223333:oidc-provider/"+issuer; got != want {
			t.Errorf("%s trusts %s, want %s", name, got, want)
		}
		want := map[string]map[string]string{"StringEquals": {
			issuer + ":aud": "sts.amazonaws.com",
			issuer + ":sub": "repo:OWNER@OWNER_ID/REPO@REPO_ID" + job,
		}}
		if diff := cmp.Diff(want, s.Condition); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestDeployingTakesTheBootstrapsRoles(t *testing.T) {
	var got []string
	for _, arn := range policies(t)["deploy-policy.json"].Statement[0].Resource {
		role := strings.TrimPrefix(arn, "arn:aws:iam::111122223333:role/cdk-hnb659fds-")
		got = append(got, strings.TrimSuffix(role, "-role-111122223333-eu-west-1"))
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"deploy", "file-publishing", "lookup"}, got); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
}

// Each route that requires IAM is in one of the policies. Those that do not are in none.
func TestManagingTakesAllRoutes(t *testing.T) {
	parameter := regexp.MustCompile(`\{[^}]*\}`)
	var want, got []string
	for _, route := range stack.Routes() {
		if route.Access == stack.ByIAM {
			want = append(want, route.Method()+parameter.ReplaceAllString(route.Path(), "*"))
		}
	}
	for _, name := range []string{"read-policy.json", "manage-policy.json", "alerts-policy.json"} {
		for _, s := range policies(t)[name].Statement {
			for _, arn := range s.Resource {
				if _, route, ok := strings.Cut(arn, ":API_ID/*/"); ok {
					got = append(got, route)
				}
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-want +got):\n%s", diff)
	}
}

// Errors name the policy that allows what AWS has denied.
func TestDenialsNameAPolicyThatAllowsTheAction(t *testing.T) {
	all := policies(t)
	for name, p := range all {
		if !slices.Contains([]string{"read-policy.json", "redrive-policy.json", "doctor-policy.json", "rotate-policy.json"}, name) {
			continue
		}
		for _, s := range p.Statement {
			for _, action := range s.Action {
				if action == "execute-api:Invoke" { // API Gateway does not name it
					continue
				}
				named := cause.Policy(action)
				if !slices.ContainsFunc(all[named].Statement, func(s statement) bool { return slices.Contains(s.Action, action) }) {
					t.Errorf("%s has %s, for which an error names %q", name, action, named)
				}
			}
		}
	}
	for request, want := range map[[2]string]string{
		{"GET", "drains"}: "GET/drains", {"GET", "drains/shop"}: "GET/drains/*", {"PUT", "drains/shop"}: "PUT/drains/*", {"DELETE", "drains/shop"}: "DELETE/drains/*",
		{"GET", "alerts"}: "GET/alerts", {"PUT", "alerts/shop/H12/mute"}: "PUT/alerts/*/*/mute", {"POST", "alerts/test"}: "POST/alerts/test",
	} {
		named := cause.RoutePolicy(request[0], request[1])
		if !slices.ContainsFunc(all[named].Statement, func(s statement) bool {
			return slices.ContainsFunc(s.Resource, func(arn string) bool { return strings.HasSuffix(arn, ":API_ID/*/"+want) })
		}) {
			t.Errorf("for %v, an error names %q", request, named)
		}
	}
}
