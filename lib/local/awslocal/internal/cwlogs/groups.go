package cwlogs

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// maxDescribed is the largest number of groups, or of streams, in a page.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
const maxDescribed = 50

type describeLogGroupsIn struct {
	LogGroupNamePrefix, LogGroupNamePattern *string
	LogGroupClass                           *string
	Limit                                   *int64
	NextToken                               *string
}

type describeLogGroupsOut struct {
	LogGroups []logGroup `json:"logGroups"`
	NextToken string     `json:"nextToken,omitempty"`
}

type logGroup struct {
	Name                      string `json:"logGroupName"`
	Created                   int64  `json:"creationTime"`
	Retention                 int    `json:"retentionInDays,omitempty"`
	MetricFilters             int    `json:"metricFilterCount"`
	ARN                       string `json:"arn"` // of the group and its streams; ends in :*
	StoredBytes               int64  `json:"storedBytes"`
	Class                     string `json:"logGroupClass"`
	GroupARN                  string `json:"logGroupArn"` // of the group itself
	DeletionProtection        bool   `json:"deletionProtectionEnabled"`
	BearerTokenAuthentication bool   `json:"bearerTokenAuthenticationEnabled"`
}

func (s *Service) describeLogGroups(_ context.Context, in *describeLogGroupsIn) (*describeLogGroupsOut, error) {
	var c checks
	if in.LogGroupNamePrefix != nil {
		c.text("logGroupNamePrefix", *in.LogGroupNamePrefix, 1, maxName, groupNameForm)
	}
	c.text("logGroupNamePattern", valueOr(in.LogGroupNamePattern, ""), 0, maxName, groupPartForm)
	if in.LogGroupClass != nil {
		c.logClass(*in.LogGroupClass)
	}
	c.number("limit", in.Limit, 1, maxDescribed)
	c.token(in.NextToken)
	if err := c.err(); err != nil {
		return nil, err
	}
	if in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil {
		return nil, invalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	after, err := s.redeem("DescribeLogGroups", in.NextToken)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &describeLogGroupsOut{LogGroups: []logGroup{}}
	limit := int(valueOr(in.Limit, maxDescribed))
	for _, name := range slices.Sorted(maps.Keys(s.groups)) {
		g := s.groups[name]
		if name <= after || !in.matches(g) {
			continue
		}
		if len(out.LogGroups) == limit {
			out.NextToken = s.issue("DescribeLogGroups", out.LogGroups[limit-1].Name)
			break
		}
		out.LogGroups = append(out.LogGroups, s.describeGroup(g))
	}
	return out, nil
}

func (in *describeLogGroupsIn) matches(g *group) bool {
	return strings.HasPrefix(g.name, valueOr(in.LogGroupNamePrefix, "")) && strings.Contains(g.name, valueOr(in.LogGroupNamePattern, "")) &&
		(in.LogGroupClass == nil || *in.LogGroupClass == g.class)
}

func (s *Service) describeGroup(g *group) logGroup {
	described := logGroup{Name: g.name, Created: g.created, Retention: g.retention, Class: g.class, GroupARN: s.groupARN(g.name)}
	described.ARN = described.GroupARN + ":*"
	for _, st := range g.streams {
		described.StoredBytes += st.events.bytes
	}
	return described
}

// valueOr returns the value of a member, or a default if the member was not given.
func valueOr[T any](member *T, otherwise T) T {
	if member == nil {
		return otherwise
	}
	return *member
}
