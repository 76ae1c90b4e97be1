package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/jsii-runtime-go"
)

// How often each route that manages drains may be called: somewhat more often than the CLI does when it works on several
// apps at a time, and it tries again after a 429. A call takes one or two of Lambda's control plane, of which an account has
// 15 a second in all: a script that runs wild must not keep them from the account's deployments.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
const (
	managingPerSecond = 10
	managingBurst     = 20
)

// throttle limits these routes. POST has no limit but the account's: Logplex tries twice more at once, and then the lines
// are lost. For the same reason the stage has no limit of its own, which would hold for POST as well.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
func throttle(stage awsapigatewayv2.CfnStage, routes []awsapigatewayv2.HttpRoute) {
	limits := map[string]any{}
	for _, route := range routes {
		resource := route.Node().DefaultChild().(awsapigatewayv2.CfnRoute)
		limits[*resource.RouteKey()] = map[string]any{
			// Both: a route's settings replace the stage's as a whole.
			"ThrottlingRateLimit":  jsii.Number(managingPerSecond),
			"ThrottlingBurstLimit": jsii.Number(managingBurst),
		}
		stage.AddResourceDependency(resource, nil) // a stage can't have settings for a route that is not there yet
	}
	stage.SetRouteSettings(limits)
}
