package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secretstypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/stack"
)

// resources are the resources that the functions' environments name.
type resources struct {
	deadLetterQueue string // ARN
	signingKey      string // ARN
	alerts          alertsResources
}

// createResources creates the resources that do not depend on the apps.
func createResources(ctx context.Context, cfg aws.Config, opts Options) (resources, error) {
	var r resources
	logs := cloudwatchlogs.NewFromConfig(cfg)
	err := createLogGroup(ctx, logs, stack.DefaultLogGroup, opts.LogClass, stack.DefaultRetentionDays)
	for _, function := range []string{stack.LocalDrainsFunction, stack.LocalStorageFunction, stack.LocalAlertsFunction} {
		err = errors.Join(err, createLogGroup(ctx, logs, stack.FunctionLogGroup(function), logstypes.LogGroupClassStandard, stack.FunctionLogDays))
	}
	if err != nil {
		return r, err
	}
	r.signingKey, err = createSigningKey(ctx, secretsmanager.NewFromConfig(cfg))
	if err != nil {
		return r, err
	}
	_, r.deadLetterQueue, err = createQueue(ctx, sqs.NewFromConfig(cfg), stack.LocalDeadLetterQueue, map[string]string{
		"MessageRetentionPeriod": strconv.Itoa(int(stack.DeadLetterRetention.Seconds())),
		"SqsManagedSseEnabled":   "true",
		"RedriveAllowPolicy":     `{"redrivePermission":"allowAll"}`,
	})
	if err != nil {
		return r, err
	}
	r.alerts, err = createAlerts(ctx, cfg)
	return r, err
}

// createLogGroup creates a log group, unless it exists, and sets its retention.
func createLogGroup(ctx context.Context, logs *cloudwatchlogs.Client, name string, class logstypes.LogGroupClass, days int32) error {
	_, err := logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name, LogGroupClass: class})
	if _, exists := errors.AsType[*logstypes.ResourceAlreadyExistsException](err); err != nil && !exists {
		return fmt.Errorf("create the log group %s: %w", name, err)
	}
	if _, err := logs.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: &name, RetentionInDays: &days}); err != nil {
		return fmt.Errorf("set the retention of the log group %s: %w", name, err)
	}
	return nil
}

// createSigningKey creates the signing key, unless it exists, and returns its ARN.
func createSigningKey(ctx context.Context, client *secretsmanager.Client) (arn string, err error) {
	name := aws.String(stack.LocalSigningKey)
	key, err := client.CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name:         name,
		SecretString: aws.String(rand.Text() + rand.Text()), // 260 bits: HMAC-SHA-256 uses 256
	})
	if _, exists := errors.AsType[*secretstypes.ResourceExistsException](err); exists {
		found, err := client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: name})
		if err != nil {
			return "", fmt.Errorf("look up the signing key: %w", err)
		}
		return aws.ToString(found.ARN), nil
	}
	if err != nil {
		return "", fmt.Errorf("create the signing key: %w", err)
	}
	return aws.ToString(key.ARN), nil
}
