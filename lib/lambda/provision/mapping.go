package provision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"heroku-drains/lib/awscall/mappingcall"
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
func (s scaling) config() *mappingcall.ScalingConfig {
	if s.maxConcurrency == drain.UnlimitedConcurrency {
		return nil
	}
	return &mappingcall.ScalingConfig{MaximumConcurrency: &s.maxConcurrency}
}

func newMapping(c mappingcall.Mapping) *mapping {
	limit := drain.UnlimitedConcurrency
	if c.ScalingConfig != nil && c.ScalingConfig.MaximumConcurrency != nil {
		limit = *c.ScalingConfig.MaximumConcurrency
	}
	return &mapping{
		uuid:            c.UUID,
		state:           c.State,
		scaling:         scaling{batchSize: c.BatchSize, batchWindow: c.MaximumBatchingWindowInSeconds, maxConcurrency: limit},
		partialFailures: slices.Contains(c.FunctionResponseTypes, mappingcall.ReportBatchItemFailures),
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
	err := m.eachMapping(ctx, m.queueARN(app), func(_ string, one *mapping) { found.add(one) })
	return found, err
}

// eachMapping calls use with each mapping of one queue, or of all queues if queueARN is empty. Mappings to other functions are not ours.
func (m *Manager) eachMapping(ctx context.Context, queueARN string, use func(queueARN string, one *mapping)) error {
	for marker := ""; ; {
		page, err := m.lambda.List(ctx, m.cfg.StorageFunction, queueARN, marker)
		if err != nil {
			return fmt.Errorf("list the event source mappings of %s: %w", m.cfg.StorageFunction, err)
		}
		for _, c := range page.EventSourceMappings {
			use(c.EventSourceArn, newMapping(c))
		}
		if marker = page.NextMarker; marker == "" {
			return nil
		}
	}
}

func (m *Manager) createMapping(ctx context.Context, app string, settings drain.Settings) (*mapping, error) {
	s := scalingOf(settings)
	out, err := m.lambda.Create(ctx, mappingcall.CreateInput{
		EventSourceArn:                 m.queueARN(app),
		FunctionName:                   m.cfg.StorageFunction,
		BatchSize:                      s.batchSize,
		MaximumBatchingWindowInSeconds: s.batchWindow,
		ScalingConfig:                  s.config(),
		FunctionResponseTypes:          []string{mappingcall.ReportBatchItemFailures},
		Tags:                           m.tags(app),
	})
	switch {
	case err == nil:
		return &mapping{
			uuid: out.UUID, state: out.State,
			scaling: s, partialFailures: true,
		}, nil
	case hasCode(err, "ResourceConflictException"), isQueueNotVisible(err):
		return nil, stale(err)
	case hasCode(err, "ResourceInUseException"):
		return nil, errBusy(app, "Lambda is changing its event source mapping")
	}
	return nil, fmt.Errorf("create the event source mapping from %s to %s: %w", m.cfg.Names.Queue(app), m.cfg.StorageFunction, err)
}

// isQueueNotVisible reports whether Lambda refused a queue because its pollers cannot see it. A new queue becomes visible after a second; a
// deleted one never does.
func isQueueNotVisible(err error) bool {
	return hasCode(err, "InvalidParameterValueException") && strings.Contains(err.Error(), "NonExistentQueue")
}

// updateMapping gives the mapping these settings and enables it. If nothing changes, it makes no calls: a mapping that Lambda is changing must
// not block a Put that changes nothing.
func (m *Manager) updateMapping(ctx context.Context, app string, old *mapping, settings drain.Settings) (*mapping, error) {
	s := scalingOf(settings)
	disabled := old.state == stateDisabled || old.state == stateDisabling
	if old.scaling == s && old.partialFailures && !disabled {
		return old, nil
	}
	in := mappingcall.UpdateInput{
		Enabled:                        true,
		BatchSize:                      s.batchSize,
		MaximumBatchingWindowInSeconds: s.batchWindow,
		FunctionResponseTypes:          []string{mappingcall.ReportBatchItemFailures},
	}
	if limit := s.config(); limit != nil {
		in.ScalingConfig = *limit
	}
	out, err := m.lambda.Update(ctx, old.uuid, in)
	switch {
	case err == nil:
		return &mapping{uuid: old.uuid, state: out.State, scaling: s, partialFailures: true}, nil
	case hasCode(err, "ResourceNotFoundException"):
		return nil, stale(err)
	case hasCode(err, "ResourceInUseException"), hasCode(err, "ResourceConflictException"):
		return nil, errBusy(app, "its event source mapping is "+old.state)
	}
	return nil, fmt.Errorf("update the event source mapping %s of %s: %w", old.uuid, app, err)
}

func (m *Manager) removeMapping(ctx context.Context, app string, old *mapping) (*mapping, error) {
	out, err := m.lambda.Delete(ctx, old.uuid)
	removed := *old
	removed.state = stateDeleting
	switch {
	case err == nil:
		removed.state = out.State
		return &removed, nil
	case hasCode(err, "ResourceNotFoundException"):
		return &removed, nil
	case hasCode(err, "ResourceInUseException"), hasCode(err, "ResourceConflictException"):
		return nil, errBusy(app, "its event source mapping is "+old.state)
	}
	return nil, fmt.Errorf("delete the event source mapping %s of %s: %w", old.uuid, app, err)
}
