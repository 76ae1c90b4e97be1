package cwlogs_test

import (
	"strings"
	"testing"
)

// TestCheckTexts compares the texts of errors with AWS's, which people search for.
func TestCheckTexts(t *testing.T) {
	const invalid = "InvalidParameterException"
	for _, test := range []struct {
		name, operation string
		in              object
		want            answer
	}{
		{
			"no name", "CreateLogGroup", object{},
			answer{invalid, "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"},
		},
		{
			"an empty name", "CreateLogGroup", object{"logGroupName": ""},
			answer{invalid, "2 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must have length " +
				"greater than or equal to 1; Value '' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular " +
				`expression pattern: [\.\-_/#A-Za-z0-9]+`},
		},
		{
			"a long name", "CreateLogGroup", object{"logGroupName": strings.Repeat("g", 513)},
			answer{invalid, "Invalid LogGroup or LogStream, both must have length less than or equal to 512."},
		},
		{
			"a stream's name", "CreateLogStream", object{"logGroupName": "g", "logStreamName": "a:b"},
			answer{invalid, "1 validation error detected: Value 'a:b' at 'logStreamName' failed to satisfy constraint: Member must satisfy " +
				"regular expression pattern: [^:*]*"},
		},
		{
			"no events", "PutLogEvents", object{"logGroupName": "g", "logStreamName": "s", "logEvents": []event{}},
			answer{invalid, "1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length " +
				"greater than or equal to 1"},
		},
		{
			"no list of events", "PutLogEvents", object{"logGroupName": "g", "logStreamName": "s"},
			answer{invalid, "1 validation error detected: Value null at 'logEvents' failed to satisfy constraint: Member must not be null"},
		},
		{
			"two empty events", "PutLogEvents",
			object{"logGroupName": "g", "logStreamName": "s", "logEvents": []object{{}, {}}},
			answer{invalid, "2 validation errors detected: Value null at 'logEvents.1.member.timestamp' failed to satisfy constraint: Member " +
				"must not be null; Value null at 'logEvents.1.member.message' failed to satisfy constraint: Member must not be null"},
		},
		{
			"an event before 1970", "PutLogEvents",
			object{"logGroupName": "g", "logStreamName": "s", "logEvents": []event{{Timestamp: -1, Message: "x"}}},
			answer{invalid, "1 validation error detected: Value '-1' at 'logEvents.1.member.timestamp' failed to satisfy constraint: Member " +
				"must have value greater than or equal to 0"},
		},
		{
			"an event of 1970", "PutLogEvents",
			object{"logGroupName": "g", "logStreamName": "s", "logEvents": []event{{Timestamp: 0, Message: "x"}}},
			answer{}, // too old, which is not an error
		},
		{
			"a limit", "GetLogEvents", object{"logGroupName": "g", "logStreamName": "s", "limit": 10_001},
			answer{invalid, "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less " +
				"than or equal to 10000"},
		},
		{
			"a retention", "PutRetentionPolicy", object{"logGroupName": "g", "retentionInDays": 2},
			answer{invalid, "1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy " +
				"enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]"},
		},
		{
			"an order", "DescribeLogStreams", object{"logGroupName": "g", "orderBy": "Size"},
			answer{invalid, "1 validation error detected: Value 'Size' at 'orderBy' failed to satisfy constraint: Member must satisfy enum " +
				"value set: [LogStreamName, LastEventTime]"},
		},
		{
			"two names", "DescribeLogStreams", object{"logGroupName": "g", "logGroupIdentifier": "g"},
			answer{"ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters."},
		},
		{
			"prefix and pattern", "DescribeLogGroups", object{"logGroupNamePrefix": "g", "logGroupNamePattern": "g"},
			answer{invalid, "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."},
		},
		{
			"a filter pattern", "FilterLogEvents", object{"logGroupName": "g", "filterPattern": "ERR*"},
			answer{invalid, "Invalid character(s) in term '*'"},
		},
		{
			"an unknown group", "GetLogEvents", object{"logGroupName": "h", "logStreamName": "s"},
			answer{"ResourceNotFoundException", "The specified log group does not exist."},
		},
		{
			"an unknown stream", "GetLogEvents", object{"logGroupName": "g", "logStreamName": "t"},
			answer{"ResourceNotFoundException", "The specified log stream does not exist."},
		},
		{
			"an invalid token", "GetLogEvents", object{"logGroupName": "g", "logStreamName": "s", "nextToken": "f/1/s"},
			answer{invalid, "The specified nextToken is invalid."},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := newStreams(t, "s").call(t, test.operation, test.in, nil); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
