package cwlogs

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// retentions lists the retention periods that AWS accepts, in days.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var retentions = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

type putRetentionPolicyIn struct {
	LogGroupName    *string
	RetentionInDays *int
}

func (s *Service) putRetentionPolicy(_ context.Context, in *putRetentionPolicyIn) (*empty, error) {
	var c checks
	c.groupName(in.LogGroupName)
	if c.required("retentionInDays", in.RetentionInDays != nil) && !slices.Contains(retentions, *in.RetentionInDays) {
		days := strings.ReplaceAll(fmt.Sprint(retentions), " ", ", ")
		c.fail(fmt.Sprintf("'%d'", *in.RetentionInDays), "retentionInDays", "satisfy enum value set: %s", days)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	return nil, s.withGroup(in.LogGroupName, func(g *group) {
		g.retention = *in.RetentionInDays
		s.journal.Save(g)
	})
}

// deleteRetentionPolicy removes the retention policy. As on AWS, it succeeds if there is none.
func (s *Service) deleteRetentionPolicy(_ context.Context, in *groupIn) (*empty, error) {
	return nil, s.withGroup(in.LogGroupName, func(g *group) {
		g.retention = 0
		s.journal.Save(g)
	})
}
