package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/apiclient"
)

// outputAPIURL is the name of the stack's output that the CLI needs; infra writes it.
const outputAPIURL = "ApiUrl"

// api is a client of the drains API: of the system on this machine, at --api-url, or where the stack says it is.
func (s *session) api(ctx context.Context) (*apiclient.Client, error) {
	cfg, err := s.awsConfig(ctx)
	if err != nil {
		return nil, err
	}
	url := s.flags.APIURL
	switch {
	case s.flags.Local:
		url = s.flags.LocalAPIURL
	case url == "":
		if url, err = stackOutput(ctx, cfg, s.flags.Stack, outputAPIURL); err != nil {
			return nil, err
		}
	}
	return apiclient.New(apiclient.Config{URL: url, Region: cfg.Region, Credentials: cfg.Credentials})
}

// stackOutput is one output of a deployed stack.
func stackOutput(ctx context.Context, cfg aws.Config, stack, output string) (string, error) {
	answer, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &stack})
	var refusal smithy.APIError
	if errors.As(err, &refusal) && refusal.ErrorCode() == "ValidationError" { // CloudFormation's way to say that there is none
		return "", fmt.Errorf("find the stack %s in %s: %s; deploy it with `cdk deploy`, or look elsewhere with "+
			"--stack, --region, --profile or --api-url", stack, cfg.Region, refusal.ErrorMessage())
	}
	if err != nil {
		return "", fmt.Errorf("look at the stack %s in %s: %w; --api-url does without it", stack, cfg.Region, err)
	}
	for _, found := range answer.Stacks {
		for _, o := range found.Outputs {
			if aws.ToString(o.OutputKey) == output && aws.ToString(o.OutputValue) != "" {
				return *o.OutputValue, nil
			}
		}
	}
	return "", fmt.Errorf("find the drains API: the stack %s in %s has no output %s; is it a heroku-drains stack, completely deployed?",
		stack, cfg.Region, output)
}
