package awslocal

import (
	"encoding/json"
	"net/url"
	"path"
	"strings"
)

// resourcesOf returns the names of the resources that a call names, for Fault.Resource. mapped are the queue and the function of the event source
// mapping that the path names, if it names one.
func resourcesOf(call Call, mapped ...string) []string {
	switch call.Service {
	case "lambda":
		names := append([]string{path.Base(call.Path)}, mapped...)
		if _, rest, ok := strings.Cut(call.Path, "/functions/"); ok {
			name, _, _ := strings.Cut(rest, "/")
			names = append(names, name)
		}
		var in struct{ EventSourceArn, FunctionName string }
		_ = json.Unmarshal(call.Input, &in) // the operation refuses what is not JSON
		return append(names, lastOf(in.EventSourceArn), lastOf(in.FunctionName))
	case "sns":
		form, err := url.ParseQuery(string(call.Input))
		if err != nil {
			return nil // the operation refuses it
		}
		return []string{lastOf(form.Get("TopicArn")), form.Get("Name")}
	}
	var in struct {
		QueueName, QueueUrl         string
		LogGroupName, LogStreamName string
		TableName                   string
		SecretId, Name              string
	}
	_ = json.Unmarshal(call.Input, &in) // likewise; CloudWatch's names nothing
	return []string{in.QueueName, lastOf(in.QueueUrl), in.LogGroupName, in.LogStreamName, lastOf(in.TableName), in.SecretId, in.Name}
}

// lastOf returns the last part of an ARN or a URL, which is the resource's name.
func lastOf(name string) string {
	return name[strings.LastIndexAny(name, ":/")+1:]
}
