package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

// Stacks describes stacks: a cloudformation.Client.
type Stacks interface {
	DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options)) (
		*cloudformation.DescribeStacksOutput, error)
}

// Stack looks whether a stack is completely deployed and says what the CLI needs of it.
func (d Doctor) Stack(ctx context.Context, client Stacks, name string, outputs []string) []Finding {
	out, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		return []Finding{failed("stack", "look at the stack "+name, err,
			"deploy it with `npx aws-cdk deploy`, or look elsewhere with --stack, --region, --profile")}
	}
	var findings []Finding
	for _, stack := range out.Stacks {
		status := string(stack.StackStatus)
		switch {
		case strings.HasSuffix(status, "_IN_PROGRESS"):
			findings = append(findings, Finding{Warning, "stack", "", fmt.Sprintf("the stack %s is just being changed: %s", name, status),
				"wait until it is done, and check again"})
		case status != "CREATE_COMPLETE" && status != "UPDATE_COMPLETE" && status != "IMPORT_COMPLETE":
			findings = append(findings, Finding{Error, "stack", "",
				fmt.Sprintf("the stack %s is %s: %s", name, status, aws.ToString(stack.StackStatusReason)),
				"its events in the CloudFormation console say what failed; deploy again"})
		}
		for _, output := range stack.Outputs {
			outputs = slices.DeleteFunc(slices.Clone(outputs), func(wanted string) bool {
				return wanted == aws.ToString(output.OutputKey) && aws.ToString(output.OutputValue) != ""
			})
		}
	}
	if len(outputs) > 0 {
		findings = append(findings, Finding{Error, "stack", "",
			fmt.Sprintf("the stack %s does not have the outputs %s", name, strings.Join(outputs, ", ")),
			"deploy it with `npx aws-cdk deploy` of this version; if it is no heroku-drains stack, give --stack"})
	}
	return findings
}
