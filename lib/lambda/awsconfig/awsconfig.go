// Package awsconfig configures the AWS SDK in Lambda, from environment variables alone.
package awsconfig

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"heroku-drains/lib/awscall/safeclient"
)

// FromEnvironment returns the SDK's configuration from the environment variables that Lambda sets, and from the SDK's own for retries, endpoints
// and the user agent. Unlike config.LoadDefaultConfig, it knows no profiles, no SSO, no roles to assume and no credentials of EC2: Lambda has
// none of them, and their clients are an eighth of a function's size. It fails without a Region or credentials.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
func FromEnvironment() (aws.Config, error) {
	env, err := config.NewEnvConfig()
	if err != nil {
		return aws.Config{}, fmt.Errorf("read the AWS configuration from the environment: %w", err)
	}
	if env.Region == "" {
		return aws.Config{}, errors.New("AWS_REGION is not set; Lambda sets it")
	}
	if !env.Credentials.HasKeys() {
		return aws.Config{}, errors.New("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; Lambda sets them")
	}
	cfg := aws.Config{
		Region: env.Region,
		// An execution environment has the same credentials until it ends.
		Credentials:      credentials.StaticCredentialsProvider{Value: env.Credentials},
		RetryMode:        env.RetryMode,
		RetryMaxAttempts: env.RetryMaxAttempts,
		AppID:            env.AppID,
		HTTPClient:       safeclient.New(awshttp.NewBuildableClient()),
		ConfigSources:    []any{env}, // in which clients look for their endpoints
	}
	if env.BaseEndpoint != "" {
		cfg.BaseEndpoint = aws.String(env.BaseEndpoint)
	}
	return cfg, nil
}
