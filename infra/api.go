package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// newAPI declares the HTTP API before the functions. The gateway authorizes callers that manage drains and alerts, with AWS IAM. The drains
// function itself authorizes POSTs: Heroku has only the password in the drain's URL.
func newAPI(scope awscdk.Stack, s settings, functions map[stack.Function]awslambda.Function) awsapigatewayv2.HttpApi {
	api := awsapigatewayv2.NewHttpApi(scope, jsii.String("Api"), &awsapigatewayv2.HttpApiProps{
		ApiName:     jsii.String(s.stackName.Resource()),
		Description: jsii.String("Receives the log lines that Heroku posts, and manages drains and alerts"),
	})
	integrations := map[stack.Function]awsapigatewayv2.HttpRouteIntegration{
		stack.DrainsSource: awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String("Drains"), functions[stack.DrainsSource], nil),
		stack.AlertsSource: awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String("Alerts"), functions[stack.AlertsSource], nil),
	}
	authorizers := map[stack.Access]awsapigatewayv2.IHttpRouteAuthorizer{
		stack.ByIAM:      awsapigatewayv2authorizers.NewHttpIamAuthorizer(),
		stack.ByPassword: awsapigatewayv2.NewHttpNoneAuthorizer(),
	}
	var managing []awsapigatewayv2.HttpRoute
	for _, route := range stack.Routes() {
		added := api.AddRoutes(&awsapigatewayv2.AddRoutesOptions{
			Path:        jsii.String(route.Path()),
			Methods:     &[]awsapigatewayv2.HttpMethod{awsapigatewayv2.HttpMethod(route.Method())},
			Integration: integrations[route.Function],
			Authorizer:  authorizers[route.Access],
		})
		if route.Access == stack.ByIAM {
			managing = append(managing, *added...)
		}
	}

	// The CDK has no construct for the settings of one route, so they go to the resource itself.
	stage := api.DefaultStage().Node().DefaultChild().(awsapigatewayv2.CfnStage)
	throttle(stage, managing)
	if s.accessLog {
		addAccessLog(scope, s, stage)
	}
	return api
}

// throttle limits how often routes may be called. POST has only the account's limit: Logplex retries twice, at once, and then the lines are
// lost. For the same reason, the stage has no limit, because that would also apply to POST.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
func throttle(stage awsapigatewayv2.CfnStage, routes []awsapigatewayv2.HttpRoute) {
	limits := map[string]any{}
	for _, route := range routes {
		resource := route.Node().DefaultChild().(awsapigatewayv2.CfnRoute)
		limits[*resource.RouteKey()] = map[string]any{
			// Both are needed: a route's settings replace all of the stage's.
			"ThrottlingRateLimit":  jsii.Number(stack.ManagementRate),
			"ThrottlingBurstLimit": jsii.Number(stack.ManagementBurst),
		}
		stage.AddResourceDependency(resource, nil) // a stage cannot have settings for a route that does not exist yet
	}
	stage.SetRouteSettings(limits)
}
