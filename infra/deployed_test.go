package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// deployed describes a stack on AWS.
type deployed struct {
	Tags        map[string]string            // of the stack itself
	LogGroups   []string                     // with their retention
	Queues      map[string]map[string]string // attributes, by URL
	Tables      map[string]string            // keys and billing mode, by name
	Mappings    []string
	Topics      []string                     // ARNs
	Environment map[string]map[string]string // by function
	Policies    map[string][]statement       // by function
}

// describe returns what exists of the stack.
func describe(t *testing.T, config aws.Config) deployed {
	t.Helper()
	var found deployed
	if described, err := cloudformation.NewFromConfig(config).DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{
		StackName: aws.String(stack.DefaultName),
	}); err == nil { // it exists
		found.Tags = map[string]string{}
		for _, tag := range described.Stacks[0].Tags {
			found.Tags[*tag.Key] = *tag.Value
		}
	}
	groups, err := cloudwatchlogs.NewFromConfig(config).DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups.LogGroups {
		found.LogGroups = append(found.LogGroups, fmt.Sprintf("%s for %d days", *g.LogGroupName, aws.ToInt32(g.RetentionInDays)))
	}
	slices.Sort(found.LogGroups)

	queues := sqs.NewFromConfig(config)
	listed, err := queues.ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, queue := range listed.QueueUrls {
		attributes, err := queues.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
			QueueUrl:       &queue,
			AttributeNames: []types.QueueAttributeName{"MessageRetentionPeriod", "SqsManagedSseEnabled", "VisibilityTimeout"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if found.Queues == nil {
			found.Queues = map[string]map[string]string{}
		}
		found.Queues[queue] = attributes.Attributes
	}
	found.Tables = deployedTables(t, config)
	var topics struct {
		ARNs []string `xml:"ListTopicsResult>Topics>member>TopicArn"`
	}
	query(t, config, "sns", url.Values{"Action": {"ListTopics"}, "Version": {"2010-03-31"}}, &topics)
	found.Topics = topics.ARNs

	functions, err := lambda.NewFromConfig(config).ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions.Functions {
		if found.Environment == nil {
			found.Environment = map[string]map[string]string{}
		}
		found.Environment[*f.FunctionName] = f.Environment.Variables
	}
	found.Mappings = deployedMappings(t, config)
	found.Policies = deployedPolicies(t, config)
	return found
}

// deployedTables returns what matters of DynamoDB's tables, by name.
func deployedTables(t *testing.T, config aws.Config) map[string]string {
	t.Helper()
	client := dynamodb.NewFromConfig(config)
	names, err := client.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil {
		t.Fatal(err)
	}
	var found map[string]string
	for _, name := range names.TableNames {
		out, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, key := range out.Table.KeySchema {
			keys = append(keys, *key.AttributeName)
		}
		if found == nil {
			found = map[string]string{}
		}
		found[name] = fmt.Sprintf("%v, %s", keys, out.Table.BillingModeSummary.BillingMode)
	}
	return found
}

// deployedMappings describes the event source mappings.
func deployedMappings(t *testing.T, config aws.Config) []string {
	t.Helper()
	out, err := lambda.NewFromConfig(config).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, m := range out.EventSourceMappings {
		found = append(found, fmt.Sprintf("%s to %s, %d at a time, %v", drain.QueueName(*m.EventSourceArn), *m.FunctionArn, *m.BatchSize,
			m.FunctionResponseTypes))
	}
	return found
}

// deployedPolicies returns what the stack's roles allow, by policy name, which is the function's name.
func deployedPolicies(t *testing.T, config aws.Config) map[string][]statement {
	t.Helper()
	call := func(into any, action string, arguments ...string) {
		form := url.Values{"Action": {action}, "Version": {"2010-05-08"}}
		for i := 0; i < len(arguments); i += 2 {
			form.Set(arguments[i], arguments[i+1])
		}
		query(t, config, "iam", form, into)
	}
	var roles struct {
		Names []string `xml:"ListRolesResult>Roles>member>RoleName"`
	}
	call(&roles, "ListRoles")
	var found map[string][]statement
	for _, role := range roles.Names {
		if !strings.HasPrefix(role, "HerokuDrains-") { // a role of the CDK's bootstrap stack
			continue
		}
		var policies struct {
			Names []string `xml:"ListRolePoliciesResult>PolicyNames>member"`
		}
		call(&policies, "ListRolePolicies", "RoleName", role)
		for _, name := range policies.Names {
			var policy struct {
				Document string `xml:"GetRolePolicyResult>PolicyDocument"`
			}
			call(&policy, "GetRolePolicy", "RoleName", role, "PolicyName", name)
			if found == nil {
				found = map[string][]statement{}
			}
			found[name] = append(found[name], parsePolicy(t, policy.Document)...)
		}
	}
	return found
}

// parsePolicy reads a policy in moto's form: URL-encoded, like AWS's, but with Python's quotes.
func parsePolicy(t *testing.T, encoded string) []statement {
	t.Helper()
	text, err := url.PathUnescape(encoded)
	if err != nil {
		t.Fatal(err)
	}
	var document struct{ Statement []map[string]any }
	if err := json.Unmarshal([]byte(strings.ReplaceAll(text, "'", `"`)), &document); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var statements []statement
	for _, s := range document.Statement {
		statements = append(statements, renderStatement(t, s))
	}
	sortStatements(statements)
	return statements
}
