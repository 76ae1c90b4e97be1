package installation

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

// StackError means that the stack could not be read, does not exist, or lacks an output.
type StackError struct {
	Name, Region string
	Missing      bool   // the stack does not exist
	Output       string // the missing output; empty: none is missing
	Err          error  // why it could not be read
}

// Error says what is wrong with the stack.
func (e *StackError) Error() string {
	switch {
	case e.Missing:
		return fmt.Sprintf("the stack %s does not exist in %s", e.Name, e.Region)
	case e.Output != "":
		return fmt.Sprintf("the stack %s in %s has no output %s", e.Name, e.Region, e.Output)
	}
	return fmt.Sprintf("read the stack %s in %s: %v", e.Name, e.Region, e.Err)
}

// Unwrap returns why the stack could not be read.
func (e *StackError) Unwrap() error { return e.Err }

// Outputs returns the outputs of the local system, only the API's address if that was given, or the outputs of the deployed stack.
func (i *Installation) Outputs(ctx context.Context) (stack.Outputs, error) {
	switch local := i.opts.Local; {
	case local != nil:
		return stack.LocalOutputs(local.APIURL, local.AWSURL), nil
	case i.opts.APIURL != "":
		return stack.Outputs{APIURL: i.opts.APIURL}, nil
	}
	return i.Deployed(ctx)
}

// Deployed returns the outputs of the deployed stack, even if the API's address was given.
func (i *Installation) Deployed(ctx context.Context) (stack.Outputs, error) {
	cfg, err := i.AWS(ctx)
	if err != nil {
		return stack.Outputs{}, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.deployed == nil {
		found, err := readOutputs(ctx, cfg, i.opts.Stack)
		if err != nil {
			return stack.Outputs{}, err
		}
		i.deployed = &found
	}
	return *i.deployed, nil
}

func readOutputs(ctx context.Context, cfg aws.Config, name string) (stack.Outputs, error) {
	out, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if refused, ok := errors.AsType[smithy.APIError](err); ok && refused.ErrorCode() == "ValidationError" {
		// CloudFormation's error if the stack does not exist.
		return stack.Outputs{}, &StackError{Name: name, Region: cfg.Region, Missing: true, Err: err}
	}
	if err != nil {
		return stack.Outputs{}, &StackError{Name: name, Region: cfg.Region, Err: err}
	}
	values := map[string]string{}
	for _, found := range out.Stacks {
		for _, o := range found.Outputs {
			values[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
		}
	}
	return stack.ParseOutputs(values), nil
}

// API returns a client of the drains API.
func (i *Installation) API(ctx context.Context) (*apiclient.Client, error) {
	client, _, err := i.apiAt(ctx)
	return client, err
}

// apiAt returns a client of the drains API, and its address.
func (i *Installation) apiAt(ctx context.Context) (*apiclient.Client, string, error) {
	cfg, err := i.AWS(ctx)
	if err != nil {
		return nil, "", err
	}
	outputs, err := i.Outputs(ctx)
	if err != nil {
		return nil, "", err
	}
	if outputs.APIURL == "" {
		return nil, "", &StackError{Name: i.opts.Stack, Region: cfg.Region, Output: stack.OutputAPIURL}
	}
	client, err := apiclient.New(apiclient.Config{URL: outputs.APIURL, Region: cfg.Region, Credentials: cfg.Credentials, Wait: i.opts.Wait})
	return client, outputs.APIURL, err
}
