package sqs

// Disturbance is what SQS does only now and then to a message of a standard queue. The zero value is none.
type Disturbance struct {
	// Duplicate lets a second receiver have a message at once, or keeps a message that is deleted, so that it becomes visible again after its
	// visibility timeout: "one of the servers that store a copy of a message might be unavailable when you receive or delete a message". Each happens
	// to a message at most once.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
	Duplicate bool
	// Pick returns which of n visible messages, in the order of their arrival, is received; nil: the first.
	Pick func(n int) int
}
