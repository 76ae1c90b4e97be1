package iamtest_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heroku-drains/infra/internal/iamtest"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/stack"
)

// documented returns a policy of docs/deploy.md.
func documented(t *testing.T, name string) iamtest.Policy {
	t.Helper()
	page, err := os.ReadFile("../../../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?m)^`" + name + "-policy\\.json`.*\n(?:.+\n)*\n```json\n((?s:.*?))```").FindSubmatch(page)
	if block == nil {
		t.Fatalf("deploy.md has no %s-policy.json", name)
	}
	policy, err := iamtest.Parse(block[1], nil)
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

const api = "arn:aws:execute-api:eu-west-1:111122223333:API_ID/$default/"

// A user with the policies for reading changes nothing: no drain, line, message, setting, key or alert. What they can do besides reading is to
// hide a dead letter for up to 12 hours, as every receiver does, and to stop queries.
func TestReadersChangeNothing(t *testing.T) {
	readers := append(documented(t, "read"), documented(t, "doctor")...)
	reads := regexp.MustCompile(`^[a-z]+:(Get|List|Describe|Filter)[A-Za-z]+$`)
	others := map[string]bool{
		"execute-api:Invoke": true, // see below
		"logs:StartQuery":    true, "logs:StopQuery": true, "sqs:ReceiveMessage": true, "sqs:ChangeMessageVisibility": true,
	}
	for _, s := range readers {
		for _, action := range s.Actions {
			if !reads.MatchString(action) && !others[action] || strings.Contains(action, "*") || action == "secretsmanager:GetSecretValue" {
				t.Errorf("%s allows %s", s.Sid, action)
			}
		}
	}

	arn := func(service, resource string) string {
		return "arn:aws:" + service + ":eu-west-1:111122223333:" + resource
	}
	for resource, actions := range map[string][]string{
		arn("sqs", "HerokuDrains-DeadLetters1"):                    {"sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:SendMessage", "sqs:StartMessageMoveTask", "sqs:SetQueueAttributes", "sqs:AddPermission", "sqs:DeleteQueue"},
		arn("sqs", "APP_shop"):                                     {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:SendMessage", "sqs:PurgeQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:ChangeMessageVisibility"},
		arn("logs", "log-group:/heroku/apps:log-stream:[APP]shop"): {"logs:PutLogEvents", "logs:DeleteLogStream", "logs:CreateLogStream"},
		arn("logs", "log-group:/heroku/apps:*"):                    {"logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:PutSubscriptionFilter", "logs:PutMetricFilter"},
		arn("secretsmanager", "secret:HerokuDrains-1"):             {"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"},
		arn("dynamodb", "table/HerokuDrains-Alerts"):               {"dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:GetItem"},
		arn("sns", "HerokuDrains-AlertsTopic1"):                    {"sns:Publish", "sns:Subscribe"},
		arn("lambda", "function:heroku-drains"):                    {"lambda:InvokeFunction", "lambda:UpdateFunctionCode", "lambda:GetFunction"},
		arn("lambda", "event-source-mapping:1"):                    {"lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping"},
		arn("cloudformation", "stack/HerokuDrains/1"):              {"cloudformation:UpdateStack", "cloudformation:DeleteStack"},
	} {
		for _, action := range actions {
			if _, allowed := readers.Allows(action, resource, nil); allowed {
				t.Errorf("readers may %s on %s", action, resource)
			}
		}
	}
	for _, route := range stack.Routes() {
		if route.Method() == "GET" || route.Access != stack.ByIAM {
			continue
		}
		for _, app := range []string{"shop", "drains", "alerts", "rules", "dropped", "get", "test", "mute", "get-drains"} {
			for _, rule := range []string{"h12", "drains", "alerts", "rules", "dropped", "get"} {
				path := strings.NewReplacer("{app}", app, "{rule}", rule).Replace(route.Path())
				if _, allowed := readers.Allows("execute-api:Invoke", api+route.Method()+path, nil); allowed {
					t.Errorf("readers may %s %s", route.Method(), path)
				}
			}
		}
	}
}

// A * in a policy also stands for slashes. So a path that names a method of reading, with a slash that is encoded or without, is like one that
// readers may call: what keeps them from changing an app in this way is that the API takes none of these as the name of an app.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func TestPathsThatPassForReading(t *testing.T) {
	readers := documented(t, "read")
	passed := 0
	for _, route := range stack.Routes() {
		if route.Method() == "GET" || route.Access != stack.ByIAM || !strings.Contains(route.Path(), "{app}") {
			continue
		}
		for _, app := range []string{"GET", "x/GET/drains", "x/GET/drains/shop", "GET/drains/shop", "x%2FGET%2Fdrains%2Fshop", "x/GET/alerts", "x/GET/alerts/rules", "x/GET/alerts/shop/dropped"} {
			for _, rule := range []string{"h12", "drains", "x/GET/drains/shop"} {
				path := strings.NewReplacer("{app}", app, "{rule}", rule).Replace(route.Path())
				if _, allowed := readers.Allows("execute-api:Invoke", api+route.Method()+path, nil); !allowed {
					continue
				}
				passed++
				if drain.ValidateApp(app) == nil && !strings.Contains(rule, "/") {
					t.Errorf("readers may %s %s, and %q is an app's name", route.Method(), path, app)
				}
			}
		}
	}
	if passed == 0 {
		t.Error("no path passes for reading: this test shows nothing")
	}
}

// A policy for one app does not reach another.
func TestPolicyOfOneApp(t *testing.T) {
	for name, methods := range map[string][]string{"manage": {"PUT", "DELETE"}, "alerts": {"PUT", "DELETE"}} {
		policy := documented(t, name)
		for i := range policy {
			for j, resource := range policy[i].Resources {
				before, after, _ := strings.Cut(resource, "/drains/*")
				if strings.Contains(resource, "/alerts/*") {
					before, after, _ = strings.Cut(resource, "/alerts/*")
					policy[i].Resources[j] = before + "/alerts/shop" + after
				} else if strings.Contains(resource, "/drains/*") {
					policy[i].Resources[j] = before + "/drains/shop" + after
				}
			}
		}
		for _, method := range methods {
			own, others := "/drains/%", []string{"/drains/blog", "/drains/shop-staging", "/drains/myshop", "/drains/shop/x", "/drains/Shop"}
			if name == "alerts" {
				own, others = "/alerts/%/h12/mute", []string{"/alerts/blog/h12/mute", "/alerts/shop-staging/h12/mute", "/alerts/shops/h12/mute"}
			}
			if _, allowed := policy.Allows("execute-api:Invoke", api+method+strings.Replace(own, "%", "shop", 1), nil); !allowed {
				t.Errorf("%s does not allow %s %s", name, method, own)
			}
			for _, path := range others {
				if _, allowed := policy.Allows("execute-api:Invoke", api+method+path, nil); allowed {
					t.Errorf("%s for shop allows %s %s", name, method, path)
				}
			}
		}
	}
	if !slices.ContainsFunc(documented(t, "manage"), func(s iamtest.Statement) bool { return s.Sid == "ChangeDrains" }) {
		t.Error("the policy has another name")
	}
}
