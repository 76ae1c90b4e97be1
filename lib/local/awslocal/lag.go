package awslocal

import (
	"time"

	"heroku-drains/lib/local/awslocal/internal/dynamodb"
	"heroku-drains/lib/local/awslocal/internal/sqs"
)

// Lag is how long the embedded AWS takes to show changes. The zero value shows every change at once, which AWS does not promise: it is for
// tests of something else, and for people who are waiting at a terminal.
type Lag struct {
	// Counts is how old SQS's approximate counts are: they "may not achieve consistency until at least 1 minute after the producers stop
	// sending messages". https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
	Counts time.Duration
	// QueueDeletion is how long a deleted queue still works: up to 60 seconds.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
	QueueDeletion time.Duration
	// QueueList is how long ListQueues omits a new queue: "wait at least one second after the queue is created".
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
	QueueList time.Duration
	// MappingList is how long ListEventSourceMappings leaves out a new mapping: Lambda's control plane is eventually consistent, and AWS does not
	// say by how much.
	MappingList time.Duration
	// LastEvent is how old the times are that DescribeLogStreams shows of a stream's events: they update "on an eventual consistency basis",
	// "typically" in "less than an hour from ingestion".
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
	LastEvent time.Duration
	// Reads is how old what DynamoDB's eventually consistent reads return is: "Consistency across all copies of data is usually reached within a
	// second". https://aws.amazon.com/dynamodb/faqs/
	Reads time.Duration
	// TableCounts is how old a table's ItemCount and TableSizeBytes are: "DynamoDB updates this value approximately every six hours".
	// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
	TableCounts time.Duration
}

// LagOfAWS returns the longest lags that AWS documents.
func LagOfAWS() Lag {
	return Lag{
		Counts: time.Minute, QueueDeletion: time.Minute, QueueList: time.Second, MappingList: time.Second, LastEvent: time.Hour,
		Reads: time.Second, TableCounts: 6 * time.Hour,
	}
}

func (l Lag) dynamoDB() dynamodb.Lag { return dynamodb.Lag{Reads: l.Reads, Counts: l.TableCounts} }

func (l Lag) sqs() sqs.Lag {
	return sqs.Lag{Counts: l.Counts, Deletion: l.QueueDeletion, Lists: l.QueueList}
}
