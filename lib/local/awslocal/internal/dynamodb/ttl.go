package dynamodb

import (
	"context"
	"time"
)

// ttlPause is how long a change of time to live excludes another: "any additional UpdateTimeToLive calls for the same table during this one hour
// duration result in a ValidationException".
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
const ttlPause = time.Hour

// timeToLive is a table's setting. Nothing deletes expired items here: DynamoDB does so "within a few days", and returns them until then.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
type timeToLive struct {
	attribute string // empty: disabled
	changed   time.Time
	settledAt time.Time
}

type ttlSpecification struct {
	AttributeName string
	Enabled       *bool
}

type updateTimeToLiveInput struct {
	TableName               string
	TimeToLiveSpecification *ttlSpecification
}

type updateTimeToLiveOutput struct{ TimeToLiveSpecification *ttlSpecification }

func (s *Service) updateTimeToLive(_ context.Context, in *updateTimeToLiveInput) (*updateTimeToLiveOutput, error) {
	const path = "timeToLiveSpecification"
	var c constraints
	c.required(in.TableName != "", "tableName")
	c.required(in.TimeToLiveSpecification != nil, path)
	spec := in.TimeToLiveSpecification
	if spec != nil {
		c.required(spec.Enabled != nil, path+".enabled")
		checkAttributeName(&c, spec.AttributeName, path+".attributeName")
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.existing(in.TableName)
	if err != nil {
		return nil, err
	}
	now := s.config.Clock.Now()
	switch current := t.ttl.attribute; {
	case t.status(now) == "CREATING":
		return nil, inUse("Attempt to change a resource which is still in use: Table is being created: %s", t.name)
	case t.status(now) == "DELETING":
		return nil, inUse("Attempt to change a resource which is still in use: Table is being deleted: %s", t.name)
	case *spec.Enabled && current != "" && current != spec.AttributeName:
		return nil, validation("TimeToLive is active on a different AttributeName: current AttributeName is %s", current)
	case *spec.Enabled && current != "":
		return nil, validation("TimeToLive is already enabled")
	case !*spec.Enabled && current == "":
		return nil, validation("TimeToLive is already disabled")
	case !t.ttl.changed.IsZero() && now.Before(t.ttl.changed.Add(ttlPause)):
		return nil, validation("Time to live has been modified multiple times within a fixed interval")
	}
	t.ttl = timeToLive{changed: now, settledAt: now.Add(s.config.TransitionTime)}
	if *spec.Enabled {
		t.ttl.attribute = spec.AttributeName
	}
	s.config.Journal.Save(t)
	return &updateTimeToLiveOutput{TimeToLiveSpecification: spec}, nil
}

type ttlDescription struct {
	AttributeName    string `json:",omitempty"`
	TimeToLiveStatus string
}

type describeTimeToLiveOutput struct{ TimeToLiveDescription ttlDescription }

func (s *Service) describeTimeToLive(_ context.Context, in *tableInput) (*describeTimeToLiveOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.existing(in.TableName)
	if err != nil {
		return nil, err
	}
	d := ttlDescription{AttributeName: t.ttl.attribute, TimeToLiveStatus: "DISABLED"}
	settling := s.config.Clock.Now().Before(t.ttl.settledAt)
	switch {
	case t.ttl.attribute != "" && settling:
		d.TimeToLiveStatus = "ENABLING"
	case t.ttl.attribute != "":
		d.TimeToLiveStatus = "ENABLED"
	case settling:
		d.TimeToLiveStatus = "DISABLING"
	}
	return &describeTimeToLiveOutput{TimeToLiveDescription: d}, nil
}
