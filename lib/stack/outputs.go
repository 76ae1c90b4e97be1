package stack

// The names of the stack's outputs.
const (
	OutputAPIURL          = "ApiUrl"
	OutputLogGroup        = "LogGroupName"
	OutputStreamPrefix    = "LogStreamPrefix"
	OutputQueuePrefix     = "QueuePrefix"
	OutputDeadLetterQueue = "DeadLetterQueueUrl"
	OutputSigningKey      = "SigningKeyArn"
	OutputAlarmTopic      = "AlarmTopicArn"
	OutputDrainsFunction  = "DrainsFunctionName"
	OutputStorageFunction = "StorageFunctionName"
	OutputAlertsFunction  = "AlertsFunctionName"
	OutputAlertsQueue     = "AlertsQueueUrl"
	OutputAlertsTopic     = "AlertsTopicArn"
	OutputNextStep        = "NextStep"
)

// Outputs are the outputs of a stack. A field is empty if the stack does not have the output, because an older version deployed it.
type Outputs struct {
	APIURL             string // where Heroku posts, and where drains are managed
	LogGroup           string // name
	StreamPrefix       string
	QueuePrefix        string
	DeadLetterQueueURL string
	SigningKey         string // ARN of the secret; the local system's has its name
	AlarmTopic         string // ARN
	DrainsFunction     string // name
	StorageFunction    string // name
	AlertsFunction     string // name
	AlertsQueueURL     string // receives what lines matched
	AlertsTopic        string // ARN of the topic that receives the alerts on apps
	NextStep           string // a hint for the person who deployed it
}

// fields returns the outputs by their names.
func (o *Outputs) fields() map[string]*string {
	return map[string]*string{
		OutputAPIURL:          &o.APIURL,
		OutputLogGroup:        &o.LogGroup,
		OutputStreamPrefix:    &o.StreamPrefix,
		OutputQueuePrefix:     &o.QueuePrefix,
		OutputDeadLetterQueue: &o.DeadLetterQueueURL,
		OutputSigningKey:      &o.SigningKey,
		OutputAlarmTopic:      &o.AlarmTopic,
		OutputDrainsFunction:  &o.DrainsFunction,
		OutputStorageFunction: &o.StorageFunction,
		OutputAlertsFunction:  &o.AlertsFunction,
		OutputAlertsQueue:     &o.AlertsQueueURL,
		OutputAlertsTopic:     &o.AlertsTopic,
		OutputNextStep:        &o.NextStep,
	}
}

// ParseOutputs reads the outputs of a stack by their names. It ignores names that it does not know.
func ParseOutputs(values map[string]string) Outputs {
	var o Outputs
	for name, field := range o.fields() {
		*field = values[name]
	}
	return o
}

// Map returns the outputs by their names, without the empty ones.
func (o Outputs) Map() map[string]string {
	values := map[string]string{}
	for name, field := range o.fields() {
		if *field != "" {
			values[name] = *field
		}
	}
	return values
}
