package sqs

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// policy is a queue's access policy: which other services may send to it. The account's users need none.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html
type policy struct {
	Version    string
	ID         string `json:"Id"`
	Statements list[statement]
}

type statement struct {
	Sid       string
	Effect    string
	Principal principal
	Action    list[string]
	Resource  list[string]
	Condition map[string]map[string]list[string]
}

// list is a JSON array, or its only element.
type list[E any] []E

func (l *list[E]) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		return strict(text, (*[]E)(l))
	}
	*l = make([]E, 1)
	return strict(text, &(*l)[0])
}

// principal is whom a statement allows something.
type principal struct {
	Everyone bool         `json:"-"`
	Service  list[string] // such as sns.amazonaws.com
	AWS      list[string]
}

func (p *principal) UnmarshalJSON(text []byte) error {
	if string(text) == `"*"` {
		p.Everyone = true
		return nil
	}
	type members principal
	if err := strict(text, (*members)(p)); err != nil {
		return err
	}
	p.Everyone = slices.Contains(p.AWS, "*")
	return nil
}

// strict decodes JSON whose members are all known.
func strict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// UnmarshalJSON reads the statements under their name in policies, which is singular.
func (p *policy) UnmarshalJSON(text []byte) error {
	var members struct {
		Version, ID string
		Statement   list[statement]
	}
	err := strict(text, &members)
	*p = policy{Version: members.Version, ID: members.ID, Statements: members.Statement}
	return err
}

// parsePolicy parses the Policy attribute. Empty text means no policy. It rejects the policies that it cannot apply.
func parsePolicy(text string) (p policy, err error) {
	if text == "" {
		return p, nil
	}
	if !json.Valid([]byte(text)) {
		return p, refusal("InvalidAttributeValue", "Invalid value for the parameter Policy.")
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, unsupported("this queue policy: " + err.Error())
	}
	if p.Version != "2008-10-17" && p.Version != "2012-10-17" && p.Version != "" || len(p.Statements) == 0 {
		return p, refusal("InvalidAttributeValue", "Invalid value for the parameter Policy.")
	}
	for _, s := range p.Statements {
		if s.Effect != "Allow" {
			return p, unsupported("queue policies with other effects than Allow")
		}
		if len(s.Action) == 0 || len(s.Resource) == 0 {
			return p, refusal("InvalidAttributeValue", "Invalid value for the parameter Policy.")
		}
		for operator, keys := range s.Condition {
			for key := range keys {
				if comparison(operator) == nil || !strings.EqualFold(key, "aws:SourceArn") {
					return p, unsupported("queue policies with the condition " + operator + " on " + key)
				}
			}
		}
	}
	return p, nil
}

// allows reports whether the policy lets a service send messages to the queue with an ARN, on behalf of the resource source.
func (p policy) allows(service, queueARN, source string) bool {
	return slices.ContainsFunc(p.Statements, func(s statement) bool {
		sends := slices.ContainsFunc(s.Action, func(action string) bool {
			return wildcard(strings.ToLower(action), "sqs:sendmessage")
		})
		onQueue := slices.ContainsFunc(s.Resource, func(resource string) bool { return wildcard(resource, queueARN) })
		return sends && onQueue && (s.Principal.Everyone || slices.Contains(s.Principal.Service, service)) && s.fits(source)
	})
}

// fits reports whether the conditions hold for a source.
func (s statement) fits(source string) bool {
	for operator, keys := range s.Condition {
		for _, allowed := range keys {
			if !slices.ContainsFunc(allowed, func(pattern string) bool { return comparison(operator)(pattern, source) }) {
				return false
			}
		}
	}
	return true
}

// comparison returns what a condition's operator does, or nil if it is not supported.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func comparison(operator string) func(pattern, value string) bool {
	switch operator {
	case "StringEquals":
		return func(pattern, value string) bool { return pattern == value }
	case "StringLike", "ArnEquals", "ArnLike": // "ArnEquals and ArnLike … behave identically"
		return wildcard
	}
	return nil
}

// wildcard reports whether a pattern with * and ? matches a text.
func wildcard(pattern, text string) bool {
	for pattern != "" {
		switch {
		case pattern[0] == '*':
			return wildcard(pattern[1:], text) || text != "" && wildcard(pattern, text[1:])
		case text == "" || pattern[0] != '?' && pattern[0] != text[0]:
			return false
		}
		pattern, text = pattern[1:], text[1:]
	}
	return text == ""
}
