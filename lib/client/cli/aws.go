package cli

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"heroku-drains/lib/stack"
)

// awsConfig is the configuration of every AWS client: the SDK's own (environment, profiles, roles), or that of `local`.
func (s *session) awsConfig(ctx context.Context) (aws.Config, error) {
	if s.flags.Local {
		return aws.Config{
			Region:       stack.LocalRegion,
			Credentials:  credentials.NewStaticCredentialsProvider(stack.LocalAccessKey, stack.LocalAccessKey, ""),
			BaseEndpoint: aws.String(s.flags.LocalAWSURL),
			HTTPClient:   newLocalAWS(s.flags.LocalAWSURL),
		}, nil
	}
	var options []func(*config.LoadOptions) error
	if s.flags.Region != "" {
		options = append(options, config.WithRegion(s.flags.Region))
	}
	if s.flags.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(s.flags.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("read the AWS configuration: %w; `aws configure list-profiles` shows the profiles there are", err)
	}
	if cfg.Region == "" {
		return aws.Config{}, usagef("no AWS region is set: give --region, or set AWS_REGION; --local needs none")
	}
	// Asked for here, missing credentials get a clear answer instead of one from the depths of the first call.
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return aws.Config{}, fmt.Errorf("find AWS credentials: %w; "+
			"sign in (`aws sso login`, `aws configure`), choose another --profile, or try --local", err)
	}
	return cfg, nil
}
