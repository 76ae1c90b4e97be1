package wiring

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/lambda/storage"
)

// StorageConfig is the environment of the storage function.
type StorageConfig struct {
	LogGroup      string `env:"LOG_GROUP_NAME" envDefault:"/heroku/apps"`
	StreamPrefix  string `env:"LOG_STREAM_PREFIX" envDefault:"[APP]"`
	QueuePrefix   string `env:"QUEUE_PREFIX" envDefault:"APP_"`
	RetentionDays int    `env:"RETENTION_DAYS" envDefault:"7"` // the log group's; 0: its events never expire
}

// LoadStorage reads a StorageConfig. Its error names every variable that cannot be read or has no meaning.
func LoadStorage(environ map[string]string) (StorageConfig, error) {
	cfg, err := load[StorageConfig](environ)
	if err == nil && cfg.RetentionDays < 0 {
		err = fmt.Errorf("RETENTION_DAYS is %d: give the log group's retention in days, or 0 if its events never expire", cfg.RetentionDays)
	}
	if err != nil {
		return StorageConfig{}, fmt.Errorf("read the storage function's environment: %w", err)
	}
	return cfg, nil
}

// A put that is throttled or meets an outage is tried this often, within about half a minute: half of the storage function's time-out.
// Then its messages go back to the queue, and come again after its visibility time-out.
const (
	putAttempts = 8
	putBackoff  = 5 * time.Second
)

// Storage builds the storage function's handler, which writes its metrics to m; nil: it writes none.
func Storage(cfg StorageConfig, awsConfig aws.Config, log *slog.Logger, m *metrics.Writer) *storage.Handler {
	return storage.New(storage.Config{
		Retention: time.Duration(cfg.RetentionDays) * 24 * time.Hour,
		Names:     drain.Names{LogGroup: cfg.LogGroup, StreamPrefix: cfg.StreamPrefix, QueuePrefix: cfg.QueuePrefix},
		Logs: cloudwatchlogs.NewFromConfig(awsConfig, func(o *cloudwatchlogs.Options) {
			o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
				s.MaxAttempts, s.MaxBackoff = putAttempts, putBackoff
				s.RateLimiter = ratelimit.None // else an outage would use up the retries of the puts after it
			})
		}),
		Queues:  sqs.NewFromConfig(awsConfig),
		Log:     log,
		Metrics: m,
	})
}
