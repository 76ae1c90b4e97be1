package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// statement is an Allow of a role's policy, rendered.
type statement struct {
	Actions   []string
	Resource  string
	Condition string
}

func TestDrainsPolicy(t *testing.T) {
	want := []statement{
		{Actions: []string{"cloudwatch:GetMetricData", "lambda:ListEventSourceMappings", "sqs:ListQueues"}, Resource: "*"},
		{Actions: []string{"lambda:CreateEventSourceMapping"}, Resource: "*",
			Condition: "ArnEquals lambda:FunctionArn ${Storage07F31EBC.Arn}"},
		{Actions: []string{"lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"},
			Resource:  "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:event-source-mapping:*",
			Condition: "ArnEquals lambda:FunctionArn ${Storage07F31EBC.Arn}"},
		{Actions: []string{"lambda:TagResource"},
			Resource: "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:event-source-mapping:*"},
		{Actions: []string{"logs:CreateLogStream", "logs:DeleteLogStream"},
			Resource: "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${LogGroupF5B46931}:log-stream:[APP]*"},
		{Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resource: "${DrainsLogs152E0F28.Arn}"},
		{Actions: []string{"logs:DescribeLogStreams"}, Resource: "${LogGroupF5B46931.Arn}"},
		{Actions: []string{"secretsmanager:GetSecretValue"}, Resource: "${SigningKeyEEFC2790}"},
		{Actions: []string{"sqs:CreateQueue"}, Resource: "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:APP_*",
			Condition: "StringEquals aws:RequestTag/heroku-drains:stack HerokuDrains"},
		{Actions: []string{"sqs:DeleteQueue", "sqs:SetQueueAttributes"}, Resource: "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:APP_*",
			Condition: "StringEquals aws:ResourceTag/heroku-drains:stack HerokuDrains"},
		{Actions: []string{"sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags", "sqs:SendMessage"},
			Resource: "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:APP_*"},
		{Actions: []string{"sqs:GetQueueUrl", "sqs:ListDeadLetterSourceQueues"}, Resource: "${DeadLettersBBF8BAAB.Arn}"},
		{Actions: []string{"sqs:TagQueue"}, Resource: "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:APP_*",
			Condition: "StringEquals aws:RequestTag/heroku-drains:stack HerokuDrains and " +
				"StringEqualsIfExists aws:ResourceTag/heroku-drains:stack HerokuDrains"},
	}
	if diff := cmp.Diff(want, rolePolicy(t, "heroku-drains")); diff != "" {
		t.Errorf("policy of heroku-drains (-want +got):\n%s", diff)
	}
}

func TestStoragePolicy(t *testing.T) {
	want := []statement{
		{Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"},
			Resource: "${StorageLogs5B8326AB.Arn} and " +
				"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${LogGroupF5B46931}:log-stream:[APP]*"},
		{Actions: []string{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ListQueueTags", "sqs:ReceiveMessage"},
			Resource: "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:APP_*"},
		{Actions: []string{"sqs:SendMessage"}, Resource: "${AlertsQueue4709902F.Arn}"},
	}
	if diff := cmp.Diff(want, rolePolicy(t, "heroku-drains-storage")); diff != "" {
		t.Errorf("policy of heroku-drains-storage (-want +got):\n%s", diff)
	}
}

func TestAlertsPolicy(t *testing.T) {
	want := []statement{
		{Actions: []string{"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan"},
			Resource: "${AlertsTable0BD1EA13.Arn}"},
		{Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resource: "${AlertsLogs90537CC2.Arn}"},
		{Actions: []string{"sns:Publish"}, Resource: "${AlertsTopic3414BE91}"},
		{Actions: []string{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"},
			Resource: "${AlertsQueue4709902F.Arn}"},
	}
	if diff := cmp.Diff(want, rolePolicy(t, "heroku-drains-alerts")); diff != "" {
		t.Errorf("policy of heroku-drains-alerts (-want +got):\n%s", diff)
	}
}

// The alerts function is the only one that can use the table and the topic.
func TestOnlyTheAlertsFunctionUsesTableAndTopic(t *testing.T) {
	for _, function := range functionNames {
		for _, s := range rolePolicy(t, function) {
			for _, action := range s.Actions {
				if service, _, _ := strings.Cut(action, ":"); (service == "dynamodb" || service == "sns") && function != "heroku-drains-alerts" {
					t.Errorf("the role of %s allows %s", function, action)
				}
			}
		}
	}
}

func TestNoPolicyAllowsActionsByWildcard(t *testing.T) {
	for _, function := range functionNames {
		for _, s := range rolePolicy(t, function) {
			for _, action := range s.Actions {
				if strings.Contains(action, "*") {
					t.Errorf("the role of %s allows %s", function, action)
				}
			}
		}
	}
}

func TestRolesHaveNoManagedPolicies(t *testing.T) {
	tpl := stackTemplate(t)
	for _, id := range tpl.ids("AWS::IAM::Role") {
		if managed := tpl.Resources[id].Properties["ManagedPolicyArns"]; managed != nil {
			t.Errorf("%s has %v", id, managed)
		}
	}
	if ids := append(tpl.ids("AWS::IAM::Policy"), tpl.ids("AWS::IAM::ManagedPolicy")...); len(ids) > 0 {
		t.Errorf("policies outside of roles, which the other tests do not check: %v", ids)
	}
}

// rolePolicy returns what a function's role allows in the default stack, ordered by actions.
func rolePolicy(t *testing.T, function string) []statement {
	t.Helper()
	return rolePolicyOf(t, stackTemplate(t), function)
}

// rolePolicyOf returns what a function's role allows in a template, ordered by actions.
func rolePolicyOf(t *testing.T, tpl template, function string) []statement {
	t.Helper()
	var statements []statement
	for _, document := range policyDocuments(t, tpl, function) {
		for _, s := range document["Statement"].([]any) {
			statements = append(statements, renderStatement(t, s.(map[string]any)))
		}
	}
	sortStatements(statements)
	return statements
}

func sortStatements(statements []statement) {
	slices.SortFunc(statements, func(a, b statement) int { return slices.Compare(a.Actions, b.Actions) })
}

// policyDocuments returns the policies of a function's role in the template.
func policyDocuments(t *testing.T, tpl template, function string) []map[string]any {
	t.Helper()
	roleID, _, _ := strings.Cut(strings.TrimPrefix(render(tpl.function(t, function).Properties["Role"]), "${"), ".")
	var documents []map[string]any
	for _, policy := range tpl.Resources[roleID].Properties["Policies"].([]any) {
		documents = append(documents, policy.(map[string]any)["PolicyDocument"].(map[string]any))
	}
	return documents
}

func renderStatement(t *testing.T, s map[string]any) statement {
	t.Helper()
	if s["Effect"] != "Allow" {
		t.Fatalf("the effect of a statement is not Allow: %v", s)
	}
	resources, several := s["Resource"].([]any)
	if !several {
		resources = []any{s["Resource"]}
	}
	var texts []string
	for _, resource := range resources {
		texts = append(texts, render(resource))
	}
	rendered := statement{Resource: strings.Join(texts, " and ")}
	switch actions := s["Action"].(type) {
	case string:
		rendered.Actions = []string{actions}
	case []any:
		for _, action := range actions {
			rendered.Actions = append(rendered.Actions, action.(string))
		}
	}
	var conditions []string
	elements, _ := s["Condition"].(map[string]any)
	for operator, operands := range elements {
		for key, value := range operands.(map[string]any) {
			conditions = append(conditions, operator+" "+key+" "+render(value))
		}
	}
	slices.Sort(conditions)
	rendered.Condition = strings.Join(conditions, " and ")
	return rendered
}
