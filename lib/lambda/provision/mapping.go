package provision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"heroku-drains/lib/drain"
)

// The states of a mapping. https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
const (
	stateCreating  = "Creating"
	stateEnabling  = "Enabling"
	stateEnabled   = "Enabled"
	stateDisabling = "Disabling"
	stateDisabled  = "Disabled"
	stateDeleting  = "Deleting"
)

// mapping is the part of a drain that passes the queue's messages to the storage function.
type mapping struct {
	uuid, state     string
	scaling         scaling
	partialFailures bool // failed messages are retried alone, not with their whole batch
}

// scaling holds the settings of a drain that are stored in its mapping.
type scaling struct{ batchSize, batchWindow, maxConcurrency int }

func scalingOf(s drain.Settings) scaling {
	return scaling{batchSize: s.BatchSize, batchWindow: s.BatchWindowSeconds, maxConcurrency: s.MaximumConcurrency}
}

// patch returns these settings as a change of a drain's.
func (s scaling) patch() drain.Patch {
	return drain.Patch{BatchSize: &s.batchSize, BatchWindowSeconds: &s.batchWindow, MaximumConcurrency: &s.maxConcurrency}
}

// config returns the limit of concurrent invocations; nil: none.
func (s scaling) config() *types.ScalingConfig {
	if s.maxConcurrency == drain.UnlimitedConcurrency {
		return nil
	}
	return &types.ScalingConfig{MaximumConcurrency: aws.Int32(int32(s.maxConcurrency))}
}

func newMapping(c types.EventSourceMappingConfiguration) *mapping {
	limit := drain.UnlimitedConcurrency
	if c.ScalingConfig != nil {
		limit = int(aws.ToInt32(c.ScalingConfig.MaximumConcurrency))
	}
	return &mapping{
		uuid:  aws.ToString(c.UUID),
		state: aws.ToString(c.State),
		scaling: scaling{
			batchSize:      int(aws.ToInt32(c.BatchSize)),
			batchWindow:    int(aws.ToInt32(c.MaximumBatchingWindowInSeconds)),
			maxConcurrency: limit,
		},
		partialFailures: slices.Contains(c.FunctionResponseTypes, types.FunctionResponseTypeReportBatchItemFailures),
	}
}

// mappings are the mappings from one queue to the storage function: at most one in use, and perhaps some that are being deleted.
type mappings struct {
	live     *mapping
	deleting []string // UUIDs
}

func (p *mappings) add(found *mapping) {
	if found.state == stateDeleting {
		p.deleting = append(p.deleting, found.uuid)
		return
	}
	p.live = found
}

// is reports whether the drain's mapping has this UUID. The mapping may already be deleting, if an earlier attempt to delete the drain failed
// after that step.
func (p mappings) is(uuid string) bool {
	if p.live != nil {
		return p.live.uuid == uuid
	}
	return slices.Contains(p.deleting, uuid)
}

func (m *Manager) findMappings(ctx context.Context, app string) (mappings, error) {
	var found mappings
	err := m.eachMapping(ctx, aws.String(m.queueARN(app)), func(_ string, one *mapping) { found.add(one) })
	return found, err
}

// eachMapping calls use with each mapping of one queue, or of all queues if queueARN is nil. Mappings to other functions are not ours.
func (m *Manager) eachMapping(ctx context.Context, queueARN *string, use func(queueARN string, one *mapping)) error {
	pages := lambda.NewListEventSourceMappingsPaginator(m.lambda, &lambda.ListEventSourceMappingsInput{
		EventSourceArn: queueARN,
		FunctionName:   &m.cfg.StorageFunction,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list the event source mappings of %s: %w", m.cfg.StorageFunction, err)
		}
		for _, c := range page.EventSourceMappings {
			use(aws.ToString(c.EventSourceArn), newMapping(c))
		}
	}
	return nil
}

func (m *Manager) createMapping(ctx context.Context, app string, settings drain.Settings) (*mapping, error) {
	s := scalingOf(settings)
	out, err := m.lambda.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
		EventSourceArn:                 aws.String(m.queueARN(app)),
		FunctionName:                   &m.cfg.StorageFunction,
		BatchSize:                      aws.Int32(int32(s.batchSize)),
		MaximumBatchingWindowInSeconds: aws.Int32(int32(s.batchWindow)),
		ScalingConfig:                  s.config(),
		FunctionResponseTypes:          []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures},
		Tags:                           m.tags(app),
	})
	switch {
	case err == nil:
		return &mapping{
			uuid: aws.ToString(out.UUID), state: aws.ToString(out.State),
			scaling: s, partialFailures: true,
		}, nil
	case is[*types.ResourceConflictException](err), isQueueNotVisible(err):
		return nil, stale(err)
	case is[*types.ResourceInUseException](err):
		return nil, errBusy(app, "Lambda is changing its event source mapping")
	}
	return nil, fmt.Errorf("create the event source mapping from %s to %s: %w", m.cfg.Names.Queue(app), m.cfg.StorageFunction, err)
}

// isQueueNotVisible reports whether Lambda refused a queue because its pollers cannot see it. A new queue becomes visible after a second; a
// deleted one never does.
func isQueueNotVisible(err error) bool {
	return is[*types.InvalidParameterValueException](err) && strings.Contains(err.Error(), "NonExistentQueue")
}

// updateMapping gives the mapping these settings and enables it. If nothing changes, it makes no calls: a mapping that Lambda is changing must
// not block a Put that changes nothing.
func (m *Manager) updateMapping(ctx context.Context, app string, old *mapping, settings drain.Settings) (*mapping, error) {
	s := scalingOf(settings)
	disabled := old.state == stateDisabled || old.state == stateDisabling
	if old.scaling == s && old.partialFailures && !disabled {
		return old, nil
	}
	limit := s.config()
	if limit == nil {
		limit = &types.ScalingConfig{} // omitting it would keep the old limit
	}
	out, err := m.lambda.UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{
		UUID:                           &old.uuid,
		Enabled:                        aws.Bool(true),
		BatchSize:                      aws.Int32(int32(s.batchSize)),
		MaximumBatchingWindowInSeconds: aws.Int32(int32(s.batchWindow)),
		ScalingConfig:                  limit,
		FunctionResponseTypes:          []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures},
	})
	switch {
	case err == nil:
		return &mapping{uuid: old.uuid, state: aws.ToString(out.State), scaling: s, partialFailures: true}, nil
	case is[*types.ResourceNotFoundException](err):
		return nil, stale(err)
	case is[*types.ResourceInUseException](err), is[*types.ResourceConflictException](err):
		return nil, errBusy(app, "its event source mapping is "+old.state)
	}
	return nil, fmt.Errorf("update the event source mapping %s of %s: %w", old.uuid, app, err)
}

func (m *Manager) removeMapping(ctx context.Context, app string, old *mapping) (*mapping, error) {
	out, err := m.lambda.DeleteEventSourceMapping(ctx, &lambda.DeleteEventSourceMappingInput{UUID: &old.uuid})
	removed := *old
	removed.state = stateDeleting
	switch {
	case err == nil:
		removed.state = aws.ToString(out.State)
		return &removed, nil
	case is[*types.ResourceNotFoundException](err):
		return &removed, nil
	case is[*types.ResourceInUseException](err), is[*types.ResourceConflictException](err):
		return nil, errBusy(app, "its event source mapping is "+old.state)
	}
	return nil, fmt.Errorf("delete the event source mapping %s of %s: %w", old.uuid, app, err)
}
