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
	LocalDedupTable      = "heroku-drains-dedup"
	LocalAccessLogGroup  = "/aws/vendedlogs/heroku-drains"

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

// Where a local system listens by default.
const (
	LocalAPIURL = "http://127.0.0.1:8080"
	LocalAWSURL = "http://127.0.0.1:4566"

	LocalPageAddr   = "127.0.0.1:8081" // of the page for the browser
	LocalHerokuAddr = "127.0.0.1:8082" // of the fake Heroku
)

// LocalInfoPath is the path of the local system's AWS endpoint that answers GET requests with a LocalInfo, as JSON.
const LocalInfoPath = "/_local"

// LocalInfo says what a local system runs besides AWS.
type LocalInfo struct {
	HerokuURL string `json:"heroku_url,omitempty"` // of a fake of Heroku's Platform API, whose key is LocalHerokuKey; empty: it runs none
}

// LocalHerokuKey is the API key of the local system's fake Heroku. It is public, so that nobody's real key is sent there.
const LocalHerokuKey = "local"

// LocalFlags returns the flags with which heroku-drains-cli finds the local system at these addresses: --local, and those that are not the default.
func LocalFlags(apiURL, awsURL string) string {
	flags := "--local"
	if apiURL != "" && apiURL != LocalAPIURL {
		flags += " --local-api-url " + apiURL
	}
	if awsURL != "" && awsURL != LocalAWSURL {
		flags += " --local-aws-url " + awsURL
	}
	return flags
}
