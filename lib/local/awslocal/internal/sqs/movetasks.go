package sqs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// Limits of message move tasks.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
const (
	maxMovedPerSecond = 500
	maxTasksListed    = 10
)

// moveTasks wraps the operations on message move tasks. Regions in China do not have them, according to AWS's guide to SQS there; which error they
// return is not documented, so this is the one that the API reference lists for operations that are not supported.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
func moveTasks[In, Out any](s *Service, do func(context.Context, *In) (*Out, error)) func(context.Context, *In) (*Out, error) {
	return func(ctx context.Context, in *In) (*Out, error) {
		if strings.HasPrefix(s.account.Region, "cn-") {
			return nil, prefixed("UnsupportedOperation", "Message move tasks are not supported in this Region.")
		}
		return do(ctx, in)
	}
}

type startMessageMoveTaskInput struct {
	SourceArn                    string
	DestinationArn               string
	MaxNumberOfMessagesPerSecond *int
}

type startMessageMoveTaskOutput struct {
	TaskHandle string
}

func (s *Service) startMessageMoveTask(_ context.Context, in *startMessageMoveTaskInput) (*startMessageMoveTaskOutput, error) {
	if in.SourceArn == "" {
		return nil, missingParameter("SourceArn")
	}
	if _, err := intParameter("MaxNumberOfMessagesPerSecond", in.MaxNumberOfMessagesPerSecond, 0, 1, maxMovedPerSecond); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	source := s.byARN(in.SourceArn)
	switch {
	case source == nil:
		return nil, noSuchResource("The resource that you specified for the SourceArn parameter doesn't exist.")
	case len(s.sourcesOf(source.arn)) == 0:
		return nil, invalidParameter("Source queue must be configured as a Dead Letter Queue.")
	case in.DestinationArn == in.SourceArn:
		return nil, invalidParameter("Source queue arn and destination queue arn cannot be the same.")
	case in.DestinationArn != "" && s.byARN(in.DestinationArn) == nil:
		return nil, noSuchResource("The resource that you specified for the DestinationArn parameter doesn't exist.")
	case slices.ContainsFunc(s.tasks, func(t *moveTask) bool { return t.handle.SourceARN == source.arn && t.status == "RUNNING" }):
		return nil, invalidParameter("There is already a task running." +
			" Only one active task is allowed for a source queue arn at a given time.")
	}
	now := s.clock.Now()
	source.refresh(now)
	t := &moveTask{
		handle:      taskHandle{awsapi.NewID(), source.arn},
		number:      len(s.tasks) + 1,
		destination: in.DestinationArn,
		perSecond:   in.MaxNumberOfMessagesPerSecond,
		started:     now,
		status:      "RUNNING",
		toMove:      source.visible.Len(),
	}
	s.tasks = append(s.tasks, t)
	s.keeper.save(t)
	s.moving.Go(func() { s.runMove(t) })
	return &startMessageMoveTaskOutput{t.handle.String()}, nil
}

type listMessageMoveTasksInput struct {
	SourceArn  string
	MaxResults *int
}

type listMessageMoveTasksOutput struct {
	Results []taskResult
}

type taskResult struct {
	TaskHandle                        string `json:",omitempty"` // set only while the task is running
	Status                            string
	SourceArn                         string
	DestinationArn                    string `json:",omitempty"`
	MaxNumberOfMessagesPerSecond      *int   `json:",omitempty"`
	ApproximateNumberOfMessagesMoved  int
	ApproximateNumberOfMessagesToMove int
	FailureReason                     string `json:",omitempty"`
	StartedTimestamp                  int64  // milliseconds
}

// listMessageMoveTasks lists the latest tasks of a source queue, newest first: 1 by default, 10 at most.
func (s *Service) listMessageMoveTasks(_ context.Context, in *listMessageMoveTasksInput) (*listMessageMoveTasksOutput, error) {
	most, err := intParameter("MaxResults", in.MaxResults, 1, 1, maxTasksListed)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byARN(in.SourceArn) == nil {
		return nil, noSuchResource("The resource that you specified for the SourceArn parameter doesn't exist.")
	}
	out := &listMessageMoveTasksOutput{Results: []taskResult{}}
	for _, t := range slices.Backward(s.tasks) {
		if t.handle.SourceARN == in.SourceArn && len(out.Results) < most {
			out.Results = append(out.Results, t.result())
		}
	}
	return out, nil
}

func (t *moveTask) result() taskResult {
	r := taskResult{
		Status:                            t.status,
		SourceArn:                         t.handle.SourceARN,
		DestinationArn:                    t.destination,
		MaxNumberOfMessagesPerSecond:      t.perSecond,
		ApproximateNumberOfMessagesMoved:  t.moved,
		ApproximateNumberOfMessagesToMove: t.toMove,
		FailureReason:                     t.failure,
		StartedTimestamp:                  t.started.UnixMilli(),
	}
	if t.status == "RUNNING" {
		r.TaskHandle = t.handle.String()
	}
	return r
}

type cancelMessageMoveTaskInput struct {
	TaskHandle string
}

type cancelMessageMoveTaskOutput struct {
	ApproximateNumberOfMessagesMoved int
}

func (s *Service) cancelMessageMoveTask(_ context.Context, in *cancelMessageMoveTaskInput) (*cancelMessageMoveTaskOutput, error) {
	var h taskHandle
	decoded, err := base64.StdEncoding.DecodeString(in.TaskHandle)
	if err != nil || json.Unmarshal(decoded, &h) != nil || !strings.HasPrefix(h.SourceARN, "arn:") {
		return nil, invalidParameter("Value for parameter TaskHandle is invalid.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byARN(h.SourceARN) == nil {
		return nil, noSuchResource("The resource that you specified for the SourceArn parameter doesn't exist.")
	}
	i := slices.IndexFunc(s.tasks, func(t *moveTask) bool { return t.handle == h })
	if i < 0 {
		return nil, noSuchResource("Task does not exist.")
	}
	t := s.tasks[i]
	if t.status != "RUNNING" {
		return nil, prefixed("UnsupportedOperation", "Only a running task can be cancelled; this one is %s.", t.status)
	}
	t.status = "CANCELLED"
	s.keeper.save(t)
	return &cancelMessageMoveTaskOutput{t.moved}, nil
}
