package stack

// The local system's values for what an AWS account has, and for names that CloudFormation generates.
const (
	LocalAccountID       = "000000000000"
	LocalRegion          = "us-east-1"
	LocalAccessKey       = "local" // both the id and the secret
	LocalSigningKey      = "heroku-drains/signing-key"
	LocalDeadLetterQueue = "heroku-drains-dead-letters"
	LocalAlertsQueue     = "heroku-drains-alerts"
	LocalAlertsTable     = "heroku-drains-alerts"
	LocalAlertsTopic     = "heroku-drains-alerts"

	// The functions have the names of their packages, as in a stack with the default name.
	LocalDrainsFunction  = DrainsSource
	LocalStorageFunction = StorageSource
	LocalAlertsFunction  = AlertsSource
)

// LocalOutputs returns the outputs of the local system, whose API and AWS are at these URLs. It has no alarms.
func LocalOutputs(apiURL, awsURL string) Outputs {
	return Outputs{
		APIURL:             apiURL,
		LogGroup:           DefaultLogGroup,
		StreamPrefix:       DefaultStreamPrefix,
		QueuePrefix:        DefaultQueuePrefix,
		DeadLetterQueueURL: awsURL + "/" + LocalAccountID + "/" + LocalDeadLetterQueue,
		SigningKey:         LocalSigningKey,
		DrainsFunction:     LocalDrainsFunction,
		StorageFunction:    LocalStorageFunction,
		AlertsFunction:     LocalAlertsFunction,
		AlertsQueueURL:     awsURL + "/" + LocalAccountID + "/" + LocalAlertsQueue,
		AlertsTopic:        "arn:aws:sns:" + LocalRegion + ":" + LocalAccountID + ":" + LocalAlertsTopic,
	}
}
