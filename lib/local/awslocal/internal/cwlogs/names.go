package cwlogs

import (
	"regexp"
	"strings"
)

// maxName is the maximum length of the name of a group or a stream, in characters.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
const maxName = 512

var (
	groupNameForm  = regexp.MustCompile(`^[\.\-_/#A-Za-z0-9]+$`)
	groupPartForm  = regexp.MustCompile(`^[\.\-_/#A-Za-z0-9]*$`)
	streamNameForm = regexp.MustCompile(`^[^:*]*$`)
	identifierForm = regexp.MustCompile(`^[\w#+=/:,.@-]*$`)
)

// groupName checks and returns the name of a log group, which is required.
func (c *checks) groupName(name *string) string {
	if !c.required("logGroupName", name != nil) {
		return ""
	}
	c.text("logGroupName", *name, 1, 0, groupNameForm)
	return *name
}

// streamName checks and returns the name of a log stream, or a prefix of one, in the given member, which is required.
func (c *checks) streamName(member string, name *string) string {
	if !c.required(member, name != nil) {
		return ""
	}
	c.text(member, *name, 1, 0, streamNameForm)
	return *name
}

// nameLength rejects names of groups and streams that are too long. AWS does so after the other checks, with the same text for both.
func nameLength(names ...string) error {
	for _, name := range names {
		if len([]rune(name)) > maxName {
			return invalidParameter("Invalid LogGroup or LogStream, both must have length less than or equal to %d.", maxName)
		}
	}
	return nil
}

// groupRef is the part of a request that identifies a log group by either of two members.
type groupRef struct {
	LogGroupName       *string
	LogGroupIdentifier *string // name or ARN
}

// groupName checks the members and returns the group's name. One of the members is required.
func (r *groupRef) groupName(s *Service, c *checks) string {
	if r.LogGroupIdentifier == nil {
		return c.groupName(r.LogGroupName)
	}
	c.text("logGroupIdentifier", *r.LogGroupIdentifier, 1, 2048, identifierForm)
	if r.LogGroupName != nil {
		c.groupName(r.LogGroupName)
	}
	if name, ok := s.groupOfARN(*r.LogGroupIdentifier); ok {
		return name
	}
	return *r.LogGroupIdentifier
}

// err returns the error of the checks or, if there is none, an error if the request has both members.
func (r *groupRef) err(c *checks) error {
	if err := c.err(); err != nil {
		return err
	}
	if r.LogGroupName != nil && r.LogGroupIdentifier != nil {
		return refusal("ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters.")
	}
	return nil
}

// groupARN returns the ARN of the log group itself, without the ":*" that stands for its streams.
func (s *Service) groupARN(name string) string {
	return s.account.ARN("logs", "log-group:"+name)
}

// groupOfARN returns the name of the log group with an ARN, the inverse of groupARN.
func (s *Service) groupOfARN(arn string) (name string, ok bool) {
	resource, _ := s.account.Resource("logs", arn)
	return strings.CutPrefix(resource, "log-group:")
}

// findGroup returns the log group with a name. The Service must be locked.
func (s *Service) findGroup(name string) (*group, error) {
	g, ok := s.groups[name]
	if !ok {
		return nil, noSuchGroup()
	}
	return g, nil
}

// findStream returns a log stream and its group. The Service must be locked.
func (s *Service) findStream(groupName, streamName string) (*group, *stream, error) {
	g, err := s.findGroup(groupName)
	if err != nil {
		return nil, nil, err
	}
	st, ok := g.streams[streamName]
	if !ok {
		return nil, nil, noSuchStream()
	}
	return g, st, nil
}
