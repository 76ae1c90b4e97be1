package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/stack"
)

// outputs returns what the stack says about itself: the local system's outputs, only the API's URL with --api-url, or what CloudFormation
// knows. CloudFormation is asked once.
func (s *session) outputs(ctx context.Context, cfg aws.Config) (stack.Outputs, error) {
	switch {
	case s.flags.Local:
		return stack.LocalOutputs(s.flags.LocalAPIURL, s.flags.LocalAWSURL), nil
	case s.flags.APIURL != "":
		return stack.Outputs{APIURL: s.flags.APIURL}, nil
	}
	if s.deployed == nil {
		found, err := stackOutputs(ctx, cfg, s.flags.Stack)
		if err != nil {
			return stack.Outputs{}, err
		}
		s.deployed = &found
	}
	return *s.deployed, nil
}

// api is a client of the drains API: of the system on this machine, at --api-url, or where the stack says it is.
func (s *session) api(ctx context.Context) (*apiclient.Client, error) {
	cfg, err := s.awsConfig(ctx)
	if err != nil {
		return nil, err
	}
	client, _, err := s.apiOf(ctx, cfg)
	return client, err
}

// apiOf is api, and its address.
func (s *session) apiOf(ctx context.Context, cfg aws.Config) (*apiclient.Client, string, error) {
	outputs, err := s.outputs(ctx, cfg)
	if err != nil {
		return nil, "", err
	}
	url := outputs.APIURL
	if url == "" {
		return nil, "", fmt.Errorf("find the drains API: the stack %s in %s has no output %s; is it a heroku-drains stack, completely deployed?",
			s.flags.Stack, cfg.Region, stack.OutputAPIURL)
	}
	client, err := apiclient.New(apiclient.Config{URL: url, Region: cfg.Region, Credentials: cfg.Credentials})
	return client, url, err
}

// stackOutputs returns the outputs of a deployed stack.
func stackOutputs(ctx context.Context, cfg aws.Config, name string) (stack.Outputs, error) {
	answer, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	var refusal smithy.APIError
	if errors.As(err, &refusal) && refusal.ErrorCode() == "ValidationError" { // CloudFormation's way to say that there is none
		return stack.Outputs{}, fmt.Errorf("find the stack %s in %s: %s; deploy it with `cdk deploy`, or look elsewhere with "+
			"--stack, --region, --profile or --api-url", name, cfg.Region, refusal.ErrorMessage())
	}
	if err != nil {
		return stack.Outputs{}, fmt.Errorf("look at the stack %s in %s: %w; --api-url does without it", name, cfg.Region, err)
	}
	values := map[string]string{}
	for _, found := range answer.Stacks {
		for _, o := range found.Outputs {
			values[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
		}
	}
	return stack.ParseOutputs(values), nil
}
