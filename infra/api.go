package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// newAPI is the HTTP API in front of the drains function. The gateway checks who manages drains, by AWS IAM; the
// function itself checks who posts to them, for Heroku knows only the password in the drain's URL.
func newAPI(stack awscdk.Stack, s settings, drains awslambda.Function) awsapigatewayv2.HttpApi {
	api := awsapigatewayv2.NewHttpApi(stack, jsii.String("Api"), &awsapigatewayv2.HttpApiProps{
		ApiName:     jsii.String(s.resourceName()),
		Description: jsii.String("Heroku drains: where Heroku posts, and where they are managed"),
	})
	function := awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String("Drains"), drains, nil)
	byIAM := awsapigatewayv2authorizers.NewHttpIamAuthorizer()

	managing := api.AddRoutes(&awsapigatewayv2.AddRoutesOptions{
		Path:        jsii.String("/drains"),
		Methods:     &[]awsapigatewayv2.HttpMethod{awsapigatewayv2.HttpMethod_GET},
		Integration: function,
		Authorizer:  byIAM,
	})
	ofOne := api.AddRoutes(&awsapigatewayv2.AddRoutesOptions{
		Path: jsii.String("/drains/{app}"),
		Methods: &[]awsapigatewayv2.HttpMethod{
			awsapigatewayv2.HttpMethod_GET, awsapigatewayv2.HttpMethod_PUT, awsapigatewayv2.HttpMethod_DELETE,
		},
		Integration: function,
		Authorizer:  byIAM,
	})
	api.AddRoutes(&awsapigatewayv2.AddRoutesOptions{
		Path:        jsii.String("/drains/{app}"),
		Methods:     &[]awsapigatewayv2.HttpMethod{awsapigatewayv2.HttpMethod_POST},
		Integration: function,
		Authorizer:  awsapigatewayv2.NewHttpNoneAuthorizer(),
	})

	// CDK has nothing for the settings of one route, so these go to the resource itself.
	stage := api.DefaultStage().Node().DefaultChild().(awsapigatewayv2.CfnStage)
	throttle(stage, append(*managing, *ofOne...))
	if s.accessLog {
		addAccessLog(stack, s, stage)
	}
	return api
}
