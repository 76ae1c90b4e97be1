// Package awsconfig configures the AWS SDK in Lambda, from environment variables alone.
package awsconfig

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"heroku-drains/lib/awscall/safeclient"
)

// FromEnvironment returns the SDK's configuration from the environment variables that Lambda sets, and from the SDK's own for retries, endpoints
// and the user agent. It fails without a Region or credentials, and if a variable has a value that the SDK does not know.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
//
// The SDK's package config also knows profiles, SSO, roles to assume, and credentials of EC2 and containers. Lambda has none of them, and
// their clients are part of every program that imports the package. https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
func FromEnvironment() (aws.Config, error) {
	cfg := aws.Config{
		Region:     os.Getenv("AWS_REGION"),
		AppID:      os.Getenv("AWS_SDK_UA_APP_ID"),
		HTTPClient: safeclient.New(awshttp.NewBuildableClient()),
	}
	if cfg.Region == "" {
		return aws.Config{}, errors.New("AWS_REGION is not set; Lambda sets it")
	}
	// An execution environment has the same credentials until it ends.
	keys := credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN"))
	if !keys.Value.HasKeys() {
		return aws.Config{}, errors.New("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; Lambda sets them")
	}
	cfg.Credentials = keys
	if endpoint := os.Getenv("AWS_ENDPOINT_URL"); endpoint != "" {
		cfg.BaseEndpoint = &endpoint
	}
	if value := os.Getenv("AWS_RETRY_MODE"); value != "" {
		var err error
		if cfg.RetryMode, err = aws.ParseRetryMode(value); err != nil {
			return aws.Config{}, fmt.Errorf("AWS_RETRY_MODE: %w", err)
		}
	}
	if value := os.Getenv("AWS_MAX_ATTEMPTS"); value != "" {
		var err error
		if cfg.RetryMaxAttempts, err = strconv.Atoi(value); err != nil {
			return aws.Config{}, fmt.Errorf("AWS_MAX_ATTEMPTS: %w", err)
		}
	}
	endpoints, err := readEndpoints()
	if err != nil {
		return aws.Config{}, err
	}
	cfg.ConfigSources = []any{endpoints} // in which clients look for their endpoints
	return cfg, nil
}
