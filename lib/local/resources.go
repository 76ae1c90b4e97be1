package local

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/stack"
)

// resources are the resources that the functions' environments name.
type resources struct {
	deadLetterQueue string // ARN
	signingKey      string // ARN
	alerts          alertsResources
}

// createResources creates the resources that do not depend on the apps. For created, see createAlertsTable.
func createResources(ctx context.Context, cfg aws.Config, class logstypes.LogGroupClass, created func()) (resources, error) {
	var r resources
	logs := cloudwatchlogs.NewFromConfig(cfg)
	group := &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(stack.DefaultLogGroup), LogGroupClass: class}
	if _, err := logs.CreateLogGroup(ctx, group); err != nil {
		return r, fmt.Errorf("create the log group: %w", err)
	}
	retention := &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String(stack.DefaultLogGroup), RetentionInDays: aws.Int32(stack.DefaultRetentionDays)}
	if _, err := logs.PutRetentionPolicy(ctx, retention); err != nil {
		return r, fmt.Errorf("set the log group's retention: %w", err)
	}
	key, err := secretsmanager.NewFromConfig(cfg).CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name:         aws.String(stack.LocalSigningKey),
		SecretString: aws.String(rand.Text() + rand.Text()), // 260 bits: HMAC-SHA-256 uses 256
	})
	if err != nil {
		return r, fmt.Errorf("create the signing key: %w", err)
	}
	r.signingKey = aws.ToString(key.ARN)
	_, r.deadLetterQueue, err = createQueue(ctx, sqs.NewFromConfig(cfg), stack.LocalDeadLetterQueue, map[string]string{
		"MessageRetentionPeriod": strconv.Itoa(int(stack.DeadLetterRetention.Seconds())),
		"SqsManagedSseEnabled":   "true",
		"RedriveAllowPolicy":     `{"redrivePermission":"allowAll"}`,
	})
	if err != nil {
		return r, err
	}
	r.alerts, err = createAlerts(ctx, cfg, created)
	return r, err
}
