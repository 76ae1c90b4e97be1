package main

import (
	"fmt"
	"path"
	"strings"
)

// verdict says who is right about a disagreement.
type verdict struct {
	service, operation, kind string // patterns of package path
	right                    string // ours, moto or both
	why                      string
	page                     string // of AWS
}

// String returns the verdict for a list.
func (v verdict) String() string {
	return strings.Join(strings.Fields(fmt.Sprintf("right: %s. %s %s", v.right, v.why, v.page)), " ")
}

// judge returns the verdict about a disagreement.
func judge(d disagreement) (verdict, bool) {
	for _, v := range verdicts() {
		if matches(v.service, d.service) && matches(v.operation, d.operation) && matches(v.kind, d.kind) {
			v.page = strings.ReplaceAll(v.page, "{operation}", d.operation)
			return v, true
		}
	}
	return verdict{}, false
}

func matches(pattern, name string) bool {
	// Brackets and slashes of paths of members mean nothing to a pattern.
	plain := strings.NewReplacer("[]", "+", "/", "|")
	ok, err := path.Match(plain.Replace(pattern), plain.Replace(name))
	return ok && err == nil
}

// The pages of AWS, in which {operation} stands for the operation's name.
const (
	sqsPage      = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_{operation}.html"
	logsPage     = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_{operation}.html"
	dynamoDBPage = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_{operation}.html"
	snsPage      = "https://docs.aws.amazon.com/sns/latest/api/API_{operation}.html"
	secretsPage  = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_{operation}.html"
)

// What is said of several disagreements.
const (
	lenient = "moto does not check this."
	crashed = "moto answers 500, or an error without a code."
	nulls   = "moto sends members without a value."
	unseen  = "An effect of the replay: the change before was not a call, or took time."
	paging  = "moto's pages have other sizes or order, and tokens of its own."
)

// verdicts returns all verdicts. The first one that matches counts.
func verdicts() []verdict {
	return []verdict{
		{"*", "*", "*, moto: an error without a code", "ours", crashed, ""},

		// DynamoDB.
		{"dynamodb", "GetItem", "ResourceNotFoundException, moto: success", "both", unseen, ""},
		{"dynamodb", "*Table", "*.TableStatus has another value", "ours", "A new table is CREATING, a deleted one DELETING; moto's is ACTIVE at once.", dynamoDBPage},
		{"dynamodb", "*Table", "*.TableSizeBytes has another value", "ours", "The size is up to six hours old; moto's is exact.",
			"https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html"},
		{"dynamodb", "*Table", "*.WarmThroughput only in moto", "moto", "Nothing that this module calls reads it.",
			"https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html"},
		{"dynamodb", "*Table", "*SecondaryIndexes only in moto", "ours", nulls, ""},
		{"dynamodb", "*Table", "*.LastUpdateToPayPerRequestDateTime only here", "ours", "",
			"https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BillingModeSummary.html"},
		{"dynamodb", "*Table", "*.TableId only here", "ours", "",
			"https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html"},
		{"dynamodb", "*TimeToLive", "ResourceNotFoundException, moto: ResourceNotFound", "ours", "", dynamoDBPage},
		{"dynamodb", "UpdateTimeToLive", "ResourceInUseException, moto: success", "ours", "The table is not ACTIVE yet.", dynamoDBPage},
		{"dynamodb", "GetItem", "Item.*.N has another value", "ours", "DynamoDB trims leading and trailing zeroes.",
			"https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html"},
		{"dynamodb", "ListTables", "*", "ours", paging, dynamoDBPage},
		{"dynamodb", "PutItem", "ConditionalCheckFailedException, moto: success", "both", "Concurrent writers: the replay has another order.", ""},
		{"dynamodb", "PutItem", "ValidationException, moto: ConditionalCheckFailedException", "ours", "The expression is checked before the item.", dynamoDBPage},
		{"dynamodb", "PutItem", "success, moto: ValidationException", "ours", "An item may have exactly 400 KB; moto's must be smaller.",
			"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"},
		{"dynamodb", "Query", "success, moto: ValidationException", "ours",
			"moto does not accept a value before the comparator. The grammar of expressions has operands on both sides.",
			"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html"},
		{"dynamodb", "Query", "*Count has another value", "ours", paging, dynamoDBPage},
		{"dynamodb", "Query", "Items has another length", "ours", paging, dynamoDBPage},
		{"dynamodb", "Query", "LastEvaluatedKey*", "ours", paging, dynamoDBPage},
		{"dynamodb", "Scan", "*Count has another value", "ours", paging, dynamoDBPage},
		{"dynamodb", "Scan", "Items only in moto", "ours", "With Select COUNT, only the count is returned.", dynamoDBPage},
		{"dynamodb", "Scan", "Items*", "ours", paging, dynamoDBPage},
		{"dynamodb", "Scan", "LastEvaluatedKey*", "ours", paging, dynamoDBPage},
		{"dynamodb", "*", "ValidationException, moto: success", "ours", lenient, dynamoDBPage},

		// CloudWatch Logs.
		{"logs", "*", " has another type", "both", "An answer without members: moto sends no body, we send {}. SDKs read neither.", ""},
		{"logs", "Describe*", "nextToken only in moto", "ours", nulls, ""},
		{"logs", "FilterLogEvents", "nextToken only in moto", "ours", nulls, ""},
		{"logs", "DescribeLogGroups", "logGroups has another length", "ours", "moto does not know logGroupNamePattern.", logsPage},
		{"logs", "DescribeLogGroups", "* only here", "ours", "", "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html"},
		{"logs", "DescribeLogGroups", "*.storedBytes has another value", "ours", "The size is not exact at once.",
			"https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html"},
		{"logs", "DescribeLogStreams", "*.storedBytes has another value", "ours", "It is always zero.",
			"https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html"},
		{"logs", "FilterLogEvents", "searchedLogStreams has another length", "ours", "It is always empty.", logsPage},
		{"logs", "FilterLogEvents", "events*", "ours", paging, logsPage},
		{"logs", "GetLogEvents", "events*", "ours", paging, logsPage},
		{"logs", "*", "ResourceNotFoundException, moto: success", "ours", lenient, logsPage},
		{"logs", "*", "InvalidParameterException, moto: success", "ours", lenient, logsPage},
		{"logs", "TagResource", "TooManyTagsException, moto: success", "ours", lenient, logsPage},

		// Secrets Manager.
		{"secretsmanager", "CreateSecret", "InvalidRequestException, moto: ResourceExistsException", "ours", "The secret is scheduled for deletion.", secretsPage},
		{"secretsmanager", "CreateSecret", "SerializationException, moto: success", "ours", "We reject members that we do not implement.", ""},
		{"secretsmanager", "DescribeSecret", "SecretVersionsToStages only in moto", "ours", "AWS's member is VersionIdsToStages.", secretsPage},
		{"secretsmanager", "DescribeSecret", "* only in moto", "ours", nulls, ""},
		{"secretsmanager", "*SecretValue", "VersionStages[] has another value", "both", "Their order is not documented.", secretsPage},
		{"secretsmanager", "*", "InvalidParameterException, moto: success", "ours", lenient, secretsPage},

		// SNS.
		{"sns", "GetTopicAttributes", "*entry has another length", "both", "Attributes that this module does not read.", snsPage},
		{"sns", "GetSubscriptionAttributes", "*", "both", "Attributes that this module does not read.", snsPage},
		{"sns", "ListSubscriptionsByTopic", "*", "both", "Concurrent subscribers: the replay has another order.", ""},
		{"sns", "Publish", "success, moto: AWS.SimpleQueueService.NonExistentQueue", "ours",
			"A subscription that cannot be delivered to does not fail Publish.", "https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html"},
		{"sns", "Publish", "InvalidParameter, moto: NotFound", "ours", "The message is checked first.", snsPage},
		{"sns", "Publish", "ParameterValueInvalid, moto: *", "ours", lenient, snsPage},
		{"sns", "*", "InvalidParameter, moto: success", "ours", lenient, snsPage},

		// SQS.
		{"sqs", "AddPermission", "UnknownOperationException, moto: *", "ours", "We do not implement it.", ""},
		{"sqs", "*", "InvalidParameterValueException, moto: InvalidParameterValue", "both", "SDKs read the query protocol's code, which is the same.",
			"https://smithy.io/2.0/aws/protocols/aws-query-protocol.html"},
		{"sqs", "ChangeMessageVisibility", "InvalidParameterValueException, moto: ReceiptHandleIsInvalid", "ours", "The handle's message was deleted.", sqsPage},
		{"sqs", "ChangeMessageVisibility", "MessageNotInflight, moto: success", "ours", lenient, sqsPage},
		{"sqs", "ChangeMessageVisibilityBatch", "*.Message has another value", "both", "The wording.", ""},
		{"sqs", "DeleteMessage", "success, moto: ReceiptHandleIsInvalid", "ours", "A handle of an earlier receive is no error.", sqsPage},
		{"sqs", "DeleteMessageBatch", "TooManyEntriesInBatchRequest, moto: BatchEntryIdsNotDistinct", "both", "The request is wrong in both ways.", sqsPage},
		{"sqs", "GetQueueAttributes", "Attributes.*Policy has another value", "both", "The same JSON in another form.", ""},
		{"sqs", "GetQueueAttributes", "Attributes.ApproximateNumber*", "both", unseen, ""},
		{"sqs", "GetQueueUrl", "QueueDoesNotExist, moto: success", "both", unseen, ""},
		{"sqs", "ListQueueTags", "Tags only in moto", "ours", nulls, ""},
		{"sqs", "ListQueues", "NextToken only here", "ours", paging, sqsPage},
		{"sqs", "ListQueues", "QueueUrls has another length", "ours", paging, sqsPage},
		{"sqs", "PurgeQueue", "PurgeQueueInProgress, moto: success", "ours", lenient, sqsPage},
		{"sqs", "ReceiveMessage", "*DeadLetterQueueSourceArn only here", "ours", "", sqsPage},
		{"sqs", "ReceiveMessage", "Messages only *", "both", unseen, ""},
		{"sqs", "ReceiveMessage", "Messages has another length", "both", unseen + " Or SQS returned fewer than there are, as it may.", sqsPage},
		{"sqs", "ReceiveMessage", "*Body has another value", "both", "Notifications have IDs, times and signatures; or the body holds an endpoint, which the replay replaces.", ""},
		{"sqs", "SendMessage", "MD5OfMessageBody has another value", "both", "The body holds an endpoint, which the replay replaces.", ""},
		{"sqs", "SendMessageBatch", "* has another length", "ours", "moto does not check the entries' sizes and characters.", sqsPage},
		{"sqs", "SetQueueAttributes", "InvalidAddress, moto: *", "ours", "", "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html"},
		{"sqs", "SetQueueAttributes", "InvalidParameterValueException, moto: QueueDoesNotExist", "ours", "A dead-letter queue that does not exist is a wrong value; moto says that the queue itself does not exist.", sqsPage},
		{"sqs", "CreateQueue", "QueueNameExists, moto: success", "ours", lenient, sqsPage},
		{"sqs", "*", "UnsupportedOperation, moto: success", "ours", "We do not implement FIFO queues and encryption keys.", ""},
		{"sqs", "*", "Missing*, moto: success", "ours", lenient, sqsPage},
		{"sqs", "*", "Invalid*, moto: success", "ours", lenient, sqsPage},
	}
}
