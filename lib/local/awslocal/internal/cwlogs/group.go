package cwlogs

import (
	"context"
	"math"
	"strings"
	"time"

	"heroku-drains/lib/local/awslocal/internal/journal"
)

// The classes of log groups. The newest one, ESSENTIALS, is not implemented.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
const (
	standard         = "STANDARD"
	infrequentAccess = "INFREQUENT_ACCESS"
	delivery         = "DELIVERY"
)

// logClass checks the class of a log group.
func (c *checks) logClass(class string) {
	c.oneOf("logGroupClass", class, standard, infrequentAccess, delivery)
}

type group struct {
	name, class string
	created     int64
	retention   int // days; 0: unlimited
	tags        map[string]string
	streams     map[string]*stream // by name
}

// oldestKept returns the time of the oldest events that the retention policy keeps. Both times are in milliseconds.
func (g *group) oldestKept(now int64) int64 {
	if g.retention == 0 {
		return math.MinInt64
	}
	return now - int64(g.retention)*(24*time.Hour).Milliseconds()
}

// checkReadable returns an error if the group's class does not support an operation that reads events: Infrequent Access has only Logs Insights.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
func (g *group) checkReadable(operation string) error {
	if g.class != standard {
		return g.notSupported(operation)
	}
	return nil
}

// notSupported returns the error for an operation that the group's class does not support, in AWS's words:
// https://github.com/aws/karpenter-provider-aws/pull/9567
func (g *group) notSupported(operation string) error {
	return refusal("InvalidOperationException", "The log group %s is of log-group-class %s. %s is not supported for this log class.",
		g.name, g.class, operation)
}

type createLogGroupIn struct {
	LogGroupName  *string
	LogGroupClass *string
	Tags          map[string]string
}

func (s *Service) createLogGroup(_ context.Context, in *createLogGroupIn) (*empty, error) {
	var c checks
	g := &group{name: c.groupName(in.LogGroupName), class: standard, tags: make(map[string]string), streams: make(map[string]*stream)}
	if in.LogGroupClass != nil {
		g.class = *in.LogGroupClass
		c.logClass(g.class)
	}
	if g.class == delivery {
		g.retention = 1 // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
	}
	if in.Tags != nil {
		c.tags(in.Tags)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	if err := nameLength(g.name); err != nil {
		return nil, err
	}
	if strings.HasPrefix(g.name, "aws/") {
		return nil, invalidParameter("Log groups starting with AWS/ are reserved for AWS.")
	}
	for key, value := range in.Tags {
		g.tags[key] = value
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.groups[g.name] != nil {
		return nil, refusal("ResourceAlreadyExistsException", "The specified log group already exists")
	}
	g.created = s.now()
	s.groups[g.name] = g
	s.journal.Save(g)
	return nil, nil
}

type groupIn struct {
	LogGroupName *string
}

func (s *Service) deleteLogGroup(_ context.Context, in *groupIn) (*empty, error) {
	return nil, s.withGroup(in.LogGroupName, func(g *group) {
		delete(s.groups, g.name)
		gone := []journal.Entity{journal.Gone(g.Key())}
		for _, st := range g.streams {
			gone = append(gone, journal.Gone(st.Key()))
		}
		s.journal.Save(gone...)
		for _, st := range g.streams {
			st.events.clear()
			st.log.Remove()
		}
	})
}

// withGroup validates the name of a log group and calls do on the group, with the Service locked.
func (s *Service) withGroup(name *string, do func(*group)) error {
	var c checks
	groupName := c.groupName(name)
	if err := c.err(); err != nil {
		return err
	}
	if err := nameLength(groupName); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(groupName)
	if err == nil {
		do(g)
	}
	return err
}
