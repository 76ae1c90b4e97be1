package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/smithy-go"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/local"
)

// The names of the stack's outputs that the CLI needs; infra writes them.
const (
	outputAPIURL          = "ApiUrl"
	outputDeadLetterQueue = "DeadLetterQueueUrl"
	outputQueuePrefix     = "QueuePrefix"
	outputStorageFunction = "StorageFunctionName"
)

// What the system on this machine has its queues under.
const (
	localAccount     = "000000000000"
	localQueuePrefix = "APP_"
)

// outputs are what the stack says of itself: that of the system on this machine, nothing but the address at --api-url, or what
// CloudFormation knows. It is asked once.
func (s *session) outputs(ctx context.Context, cfg aws.Config) (map[string]string, error) {
	switch {
	case s.flags.Local:
		return map[string]string{
			outputAPIURL:          s.flags.LocalAPIURL,
			outputDeadLetterQueue: fmt.Sprintf("%s/%s/%s", s.flags.LocalAWSURL, localAccount, local.DeadLetterQueue),
			outputQueuePrefix:     localQueuePrefix,
		}, nil
	case s.flags.APIURL != "":
		return map[string]string{outputAPIURL: s.flags.APIURL}, nil
	}
	if s.stack == nil {
		found, err := stackOutputs(ctx, cfg, s.flags.Stack)
		if err != nil {
			return nil, err
		}
		s.stack = found
	}
	return s.stack, nil
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
	url := outputs[outputAPIURL]
	if url == "" {
		return nil, "", fmt.Errorf("find the drains API: the stack %s in %s has no output %s; is it a heroku-drains stack, completely deployed?",
			s.flags.Stack, cfg.Region, outputAPIURL)
	}
	client, err := apiclient.New(apiclient.Config{URL: url, Region: cfg.Region, Credentials: cfg.Credentials})
	return client, url, err
}

// stackOutputs are the outputs of a deployed stack.
func stackOutputs(ctx context.Context, cfg aws.Config, stack string) (map[string]string, error) {
	answer, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &stack})
	var refusal smithy.APIError
	if errors.As(err, &refusal) && refusal.ErrorCode() == "ValidationError" { // CloudFormation's way to say that there is none
		return nil, fmt.Errorf("find the stack %s in %s: %s; deploy it with `cdk deploy`, or look elsewhere with "+
			"--stack, --region, --profile or --api-url", stack, cfg.Region, refusal.ErrorMessage())
	}
	if err != nil {
		return nil, fmt.Errorf("look at the stack %s in %s: %w; --api-url does without it", stack, cfg.Region, err)
	}
	outputs := map[string]string{}
	for _, found := range answer.Stacks {
		for _, o := range found.Outputs {
			outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
		}
	}
	return outputs, nil
}
