package provision

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/awscall/mappingcall"
	"heroku-drains/lib/awscall/streamcall"
)

// SQS is the part of the SDK's client that a Manager calls.
type SQS interface {
	GetQueueUrl(context.Context, *sqs.GetQueueUrlInput, ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error)
	ListQueues(context.Context, *sqs.ListQueuesInput, ...func(*sqs.Options)) (*sqs.ListQueuesOutput, error)
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
	ListQueueTags(context.Context, *sqs.ListQueueTagsInput, ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error)
	CreateQueue(context.Context, *sqs.CreateQueueInput, ...func(*sqs.Options)) (*sqs.CreateQueueOutput, error)
	SetQueueAttributes(context.Context, *sqs.SetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.SetQueueAttributesOutput, error)
	TagQueue(context.Context, *sqs.TagQueueInput, ...func(*sqs.Options)) (*sqs.TagQueueOutput, error)
	DeleteQueue(context.Context, *sqs.DeleteQueueInput, ...func(*sqs.Options)) (*sqs.DeleteQueueOutput, error)
}

// Logs is the part of CloudWatch Logs that a Manager calls: streamcall.Client.
type Logs interface {
	List(context.Context, streamcall.List) (streamcall.Page, error)
	Create(ctx context.Context, group, stream string) error
	Delete(ctx context.Context, group, stream string) error
}

// Lambda is the part of AWS Lambda that a Manager calls: mappingcall.Client.
type Lambda interface {
	List(ctx context.Context, function, eventSource, marker string) (mappingcall.Page, error)
	Create(context.Context, mappingcall.CreateInput) (mappingcall.Mapping, error)
	Update(ctx context.Context, uuid string, in mappingcall.UpdateInput) (mappingcall.Mapping, error)
	Delete(ctx context.Context, uuid string) (mappingcall.Mapping, error)
}
