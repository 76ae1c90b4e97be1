package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/stack"
)

// retentions are the days that CloudWatch Logs can keep events; 0 is forever.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var retentions = map[int]awslogs.RetentionDays{
	0:    awslogs.RetentionDays_INFINITE,
	1:    awslogs.RetentionDays_ONE_DAY,
	3:    awslogs.RetentionDays_THREE_DAYS,
	5:    awslogs.RetentionDays_FIVE_DAYS,
	7:    awslogs.RetentionDays_ONE_WEEK,
	14:   awslogs.RetentionDays_TWO_WEEKS,
	30:   awslogs.RetentionDays_ONE_MONTH,
	60:   awslogs.RetentionDays_TWO_MONTHS,
	90:   awslogs.RetentionDays_THREE_MONTHS,
	120:  awslogs.RetentionDays_FOUR_MONTHS,
	150:  awslogs.RetentionDays_FIVE_MONTHS,
	180:  awslogs.RetentionDays_SIX_MONTHS,
	365:  awslogs.RetentionDays_ONE_YEAR,
	400:  awslogs.RetentionDays_THIRTEEN_MONTHS,
	545:  awslogs.RetentionDays_EIGHTEEN_MONTHS,
	731:  awslogs.RetentionDays_TWO_YEARS,
	1096: awslogs.RetentionDays_THREE_YEARS,
	1827: awslogs.RetentionDays_FIVE_YEARS,
	2192: awslogs.RetentionDays_SIX_YEARS,
	2557: awslogs.RetentionDays_SEVEN_YEARS,
	2922: awslogs.RetentionDays_EIGHT_YEARS,
	3288: awslogs.RetentionDays_NINE_YEARS,
	3653: awslogs.RetentionDays_TEN_YEARS,
}

// newLogGroup declares the log group for the lines of all apps, with a stream per app. Its class cannot be changed later.
func newLogGroup(scope awscdk.Stack, s settings) awslogs.LogGroup {
	return awslogs.NewLogGroup(scope, jsii.String("LogGroup"), &awslogs.LogGroupProps{
		LogGroupName:       jsii.String(s.logGroupName),
		LogGroupClass:      s.logClass,
		Retention:          retentions[s.retentionDays],
		FieldIndexPolicies: fieldIndexes(s),
		RemovalPolicy:      s.removalPolicy,
	})
}

// newSigningKey declares the secret that the drains' passwords are derived from. CloudFormation generates its value once. With a new value,
// the passwords at Heroku stop working, so only a rotation changes it, and by default it is kept when the stack is deleted.
func newSigningKey(scope awscdk.Stack, s settings) awssecretsmanager.Secret {
	return awssecretsmanager.NewSecret(scope, jsii.String("SigningKey"), &awssecretsmanager.SecretProps{
		Description: jsii.String("Signs the passwords of the Heroku drains"),
		GenerateSecretString: &awssecretsmanager.SecretStringGenerator{
			// 64 letters and digits are 380 bits, more than the 256 that HMAC-SHA-256 uses.
			PasswordLength:     jsii.Number(64),
			ExcludePunctuation: jsii.Bool(true),
		},
		RemovalPolicy: s.removalPolicy,
	})
}

// deadLettersID is the construct's id. It is part of the name that CloudFormation gives the queue.
const deadLettersID = "DeadLetters"

// newDeadLetters declares the queue for messages of all apps that the storage function failed to store maxReceiveCount times.
func newDeadLetters(scope awscdk.Stack) awssqs.Queue {
	return awssqs.NewQueue(scope, jsii.String(deadLettersID), &awssqs.QueueProps{
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(stack.DeadLetterRetention.Hours() / 24)),
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:      jsii.Bool(true),
		// The queues of the apps are created at run time. BY_QUEUE would need their names here, and allows at most ten.
		RedriveAllowPolicy: &awssqs.RedriveAllowPolicy{RedrivePermission: awssqs.RedrivePermission_ALLOW_ALL},
	})
}

// newDedupTable declares the table of the messages that are stored, or returns nil if the setting dedup does not ask for it. It is deleted with the
// stack, or with the setting: what it holds is needed for a day, to recognize a copy of a message. For the same reason it has no backups.
func newDedupTable(scope awscdk.Stack, s settings) awsdynamodb.Table {
	if s.dedup != stack.DedupDurable {
		return nil
	}
	return awsdynamodb.NewTable(scope, jsii.String("DedupTable"), &awsdynamodb.TableProps{
		PartitionKey:        &awsdynamodb.Attribute{Name: jsii.String(stack.DedupKey), Type: awsdynamodb.AttributeType_STRING},
		TimeToLiveAttribute: jsii.String(stack.DedupExpires),
		BillingMode:         awsdynamodb.BillingMode_PAY_PER_REQUEST,
		RemovalPolicy:       awscdk.RemovalPolicy_DESTROY,
	})
}
