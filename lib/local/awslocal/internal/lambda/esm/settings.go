package esm

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/lambda/restjson"
)

// Limits of a mapping's settings, for standard queues.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
const (
	defaultBatchSize = 10
	maxBatchSize     = 10_000
	maxWindowSeconds = 300
	minConcurrency   = 2
	maxConcurrency   = 1000

	// unwindowedBatchSize is the largest batch size without a batching window.
	unwindowedBatchSize = 10
)

const reportBatchItemFailures = "ReportBatchItemFailures"

// otherSources lists the parameters that AWS rejects for a queue. They are for streams, topics and brokers.
var otherSources = []string{"AmazonManagedKafkaEventSourceConfig", "BisectBatchOnFunctionError", "DestinationConfig",
	"DocumentDBEventSourceConfig", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts", "ParallelizationFactor", "Queues",
	"SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig", "SourceAccessConfigurations", "Topics", "TumblingWindowInSeconds"}

// unsupported lists the parameters that AWS accepts for a queue but that are not implemented here.
var unsupported = []string{"FilterCriteria", "KMSKeyArn", "LoggingConfig", "MetricsConfig", "ProvisionedPollerConfig"}

// settings holds the settings of a mapping.
type settings struct {
	batchSize      int
	window         time.Duration
	concurrency    int // number of batches processed in parallel; 0: not set
	reportFailures bool
}

// settingsInput holds the members that Create and Update have in common. Members that were not given are nil.
type settingsInput struct {
	Enabled                        *bool
	BatchSize                      *int
	MaximumBatchingWindowInSeconds *int
	ScalingConfig                  *scalingConfig
	FunctionResponseTypes          *[]string
}

type scalingConfig struct {
	MaximumConcurrency *int `json:",omitempty"` // not given: no limit, which removes an existing limit
}

// decode decodes the body of a Create or Update into in. It rejects unknown members and parameters that are not for queues.
func decode(body []byte, in any) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return restjson.Errorf(http.StatusBadRequest, "SerializationException", "the embedded AWS cannot read this request: %s", err)
	}
	for name := range members {
		switch {
		case name == "StartingPosition" || name == "StartingPositionTimestamp":
			return restjson.InvalidParameterf("StartingPosition is not valid for SQS event sources.")
		case slices.Contains(otherSources, name):
			return restjson.InvalidParameterf("Unsupported %s parameter for given event source mapping type.", name)
		case slices.Contains(unsupported, name):
			return restjson.InvalidParameterf("the embedded AWS does not support %s", name)
		}
	}
	return awsapi.Decode(body, in)
}

// with returns the settings with the given changes, or an error if a change is invalid.
func (c settings) with(in settingsInput) (settings, error) {
	if in.BatchSize != nil {
		if err := restjson.Range(*in.BatchSize, "batchSize", 1, maxBatchSize); err != nil {
			return c, err
		}
		c.batchSize = *in.BatchSize
	}
	if in.MaximumBatchingWindowInSeconds != nil {
		if err := restjson.Range(*in.MaximumBatchingWindowInSeconds, "maximumBatchingWindowInSeconds", 0, maxWindowSeconds); err != nil {
			return c, err
		}
		c.window = time.Duration(*in.MaximumBatchingWindowInSeconds) * time.Second
	}
	if in.ScalingConfig != nil {
		c.concurrency = 0
		if limit := in.ScalingConfig.MaximumConcurrency; limit != nil {
			if err := restjson.Range(*limit, "scalingConfig.maximumConcurrency", minConcurrency, maxConcurrency); err != nil {
				return c, err
			}
			c.concurrency = *limit
		}
	}
	if in.FunctionResponseTypes != nil {
		types := *in.FunctionResponseTypes
		for _, t := range types {
			if t != reportBatchItemFailures {
				return c, restjson.Constraint(fmt.Sprint(types), "functionResponseTypes",
					"satisfy constraint: [Member must satisfy enum value set: ["+reportBatchItemFailures+"]]")
			}
		}
		if len(types) > 1 {
			return c, restjson.Constraint(fmt.Sprint(types), "functionResponseTypes", "have length less than or equal to 1")
		}
		c.reportFailures = len(types) == 1
	}
	if c.batchSize > unwindowedBatchSize && c.window == 0 {
		return c, restjson.InvalidParameterf("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than %d",
			unwindowedBatchSize)
	}
	return c, nil
}
