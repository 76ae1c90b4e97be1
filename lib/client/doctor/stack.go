package doctor

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"heroku-drains/lib/stack"
)

// stackAPI is the part of CloudFormation that is used here: *cloudformation.Client implements it.
type stackAPI interface {
	DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options)) (
		*cloudformation.DescribeStacksOutput, error)
}

// neededOutputs are the outputs that the CLI needs.
var neededOutputs = []string{
	stack.OutputAPIURL, stack.OutputDeadLetterQueue, stack.OutputQueuePrefix, stack.OutputDrainsFunction, stack.OutputStorageFunction,
}

// stack checks that the stack is fully deployed and has the outputs that the CLI needs. It returns the outputs.
func (e examiner) stack(ctx context.Context, client stackAPI) (stack.Outputs, []Finding) {
	out, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &e.Stack})
	if err != nil {
		return stack.Outputs{}, []Finding{e.failed(Finding{
			Check: CheckStack, Fix: "deploy it with `npx aws-cdk deploy`, or choose another one with --stack, --region or --profile",
		}, "describe the stack "+e.Stack, err)}
	}
	var findings []Finding
	values := map[string]string{}
	for _, found := range out.Stacks {
		status := string(found.StackStatus)
		switch {
		case strings.HasSuffix(status, "_IN_PROGRESS"):
			findings = append(findings, Finding{
				Severity: Warning, Check: CheckStack, What: fmt.Sprintf("the stack %s is being changed (%s)", e.Stack, status),
				Fix: "wait until that is done, then check again",
			})
		case status != "CREATE_COMPLETE" && status != "UPDATE_COMPLETE" && status != "IMPORT_COMPLETE":
			f := Finding{
				Severity: Error, Check: CheckStack, What: fmt.Sprintf("the status of the stack %s is %s", e.Stack, status),
				Fix: "find the cause in the stack's events in the CloudFormation console, then deploy again",
			}
			if reason := aws.ToString(found.StackStatusReason); reason != "" {
				f.What += ": " + reason
			}
			findings = append(findings, f)
		}
		for _, output := range found.Outputs {
			values[aws.ToString(output.OutputKey)] = aws.ToString(output.OutputValue)
		}
	}
	var missing []string
	for _, name := range neededOutputs {
		if values[name] == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		lacks := "output " + missing[0]
		if len(missing) > 1 {
			lacks = "outputs " + strings.Join(missing, ", ")
		}
		findings = append(findings, Finding{
			Severity: Error, Check: CheckStack, What: fmt.Sprintf("the stack %s has no %s", e.Stack, lacks),
			Fix: "deploy this version with `npx aws-cdk deploy`; if it is not a heroku-drains stack, choose another one with --stack",
		})
	}
	return stack.ParseOutputs(values), findings
}
