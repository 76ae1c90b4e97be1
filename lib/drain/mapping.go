package drain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
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

// mapping is the part of a drain that hands the queue's messages to the storage function.
type mapping struct {
	uuid, state, lastResult string
	settings                Settings // the mapping's own three
	partialFailures         bool     // failed messages are retried alone, not with their whole batch
}

func newMapping(c types.EventSourceMappingConfiguration) *mapping {
	limit := noConcurrencyLimit
	if c.ScalingConfig != nil {
		limit = int(aws.ToInt32(c.ScalingConfig.MaximumConcurrency))
	}
	return &mapping{
		uuid:       aws.ToString(c.UUID),
		state:      aws.ToString(c.State),
		lastResult: aws.ToString(c.LastProcessingResult),
		settings: Settings{
			BatchSize:          new(int(aws.ToInt32(c.BatchSize))),
			BatchWindowSeconds: new(int(aws.ToInt32(c.MaximumBatchingWindowInSeconds))),
			MaximumConcurrency: &limit,
		},
		partialFailures: slices.Contains(c.FunctionResponseTypes, types.FunctionResponseTypeReportBatchItemFailures),
	}
}

// mappings are what one queue has to the storage function: at most one that lives, and perhaps one on its way out.
type mappings struct {
	live     *mapping
	deleting bool
}

func (p *mappings) add(found *mapping) {
	if found.state == stateDeleting {
		p.deleting = true
		return
	}
	p.live = found
}

func (m *Manager) findMappings(ctx context.Context, app string) (mappings, error) {
	var found mappings
	err := m.eachMapping(ctx, aws.String(m.queueARN(app)), func(_ string, one *mapping) { found.add(one) })
	return found, err
}

// eachMapping calls use with every mapping of one queue, or of all with a nil queue. Mappings to other functions are not ours.
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

func (m *Manager) makeMapping(ctx context.Context, app string, s Settings) (*mapping, error) {
	out, err := m.lambda.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
		EventSourceArn:                 aws.String(m.queueARN(app)),
		FunctionName:                   &m.cfg.StorageFunction,
		BatchSize:                      aws.Int32(int32(*s.BatchSize)),
		MaximumBatchingWindowInSeconds: aws.Int32(int32(*s.BatchWindowSeconds)),
		ScalingConfig:                  scaling(*s.MaximumConcurrency),
		FunctionResponseTypes:          []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures},
		Tags:                           m.tags(app),
	})
	switch {
	case err == nil:
		return &mapping{
			uuid: aws.ToString(out.UUID), state: aws.ToString(out.State), lastResult: aws.ToString(out.LastProcessingResult),
			settings: s, partialFailures: true,
		}, nil
	case is[*types.ResourceConflictException](err), noQueueYet(err):
		return nil, moved(err)
	case is[*types.ResourceInUseException](err):
		return nil, busy(app, "Lambda is at work on its event source mapping")
	}
	return nil, fmt.Errorf("make the event source mapping from %s to %s: %w", m.cfg.Names.Queue(app), m.cfg.StorageFunction, err)
}

// noQueueYet recognises Lambda's answer for a queue that its pollers cannot see: a new one takes a second, and a deleted one does not return.
func noQueueYet(err error) bool {
	return is[*types.InvalidParameterValueException](err) && strings.Contains(err.Error(), "NonExistentQueue")
}

// updateMapping brings a mapping in line with the settings, and enables it. Nothing is called when it is: a mapping in transit must
// not stand in the way of a Put that has nothing to change.
func (m *Manager) updateMapping(ctx context.Context, app string, old *mapping, s Settings) (*mapping, error) {
	disabled := old.state == stateDisabled || old.state == stateDisabling
	same := *old.settings.BatchSize == *s.BatchSize && *old.settings.BatchWindowSeconds == *s.BatchWindowSeconds &&
		*old.settings.MaximumConcurrency == *s.MaximumConcurrency
	if same && old.partialFailures && !disabled {
		return old, nil
	}
	limit := scaling(*s.MaximumConcurrency)
	if limit == nil {
		limit = &types.ScalingConfig{} // leaving it out would leave the old limit
	}
	out, err := m.lambda.UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{
		UUID:                           &old.uuid,
		Enabled:                        aws.Bool(true),
		BatchSize:                      aws.Int32(int32(*s.BatchSize)),
		MaximumBatchingWindowInSeconds: aws.Int32(int32(*s.BatchWindowSeconds)),
		ScalingConfig:                  limit,
		FunctionResponseTypes:          []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures},
	})
	switch {
	case err == nil:
		return &mapping{uuid: old.uuid, state: aws.ToString(out.State), lastResult: old.lastResult, settings: s, partialFailures: true}, nil
	case is[*types.ResourceNotFoundException](err):
		return nil, moved(err)
	case is[*types.ResourceInUseException](err), is[*types.ResourceConflictException](err):
		return nil, busy(app, "its event source mapping is "+old.state)
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
		return nil, busy(app, "its event source mapping is "+old.state)
	}
	return nil, fmt.Errorf("delete the event source mapping %s of %s: %w", old.uuid, app, err)
}

func scaling(limit int) *types.ScalingConfig {
	if limit == noConcurrencyLimit {
		return nil
	}
	return &types.ScalingConfig{MaximumConcurrency: aws.Int32(int32(limit))}
}
