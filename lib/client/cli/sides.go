package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/term"
)

// sides are both sides of drains, as the flags have them.
type sides struct {
	*connect.Connector
	heroku *heroku.Client     // nil: Heroku is left out
	dead   *deadletters.Queue // nil: it is not known where it is
}

// sides asks for what both sides take before anything is touched: a Heroku key, AWS credentials, the API's address.
func (s *session) sides(ctx context.Context) (*sides, error) {
	client, err := s.herokuClient()
	if err != nil {
		return nil, err
	}
	cfg, err := s.awsConfig(ctx)
	if err != nil {
		return nil, err
	}
	api, url, err := s.apiOf(ctx, cfg)
	if err != nil {
		return nil, err
	}
	both := &sides{
		Connector: &connect.Connector{API: api, APIURL: url, Logs: cloudwatchlogs.NewFromConfig(cfg), Wait: s.wait},
		heroku:    client,
	}
	if client != nil {
		both.Heroku = client
	}
	outputs, err := s.outputs(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if queue := outputs.DeadLetterQueueURL; queue != "" {
		both.dead = &deadletters.Queue{Client: sqs.NewFromConfig(cfg), URL: queue, Prefix: outputs.QueuePrefix}
		both.DeadLetters = both.deadLettersOf
	}
	return both, nil
}

// herokuClient is a client of Heroku's API; nil: Heroku is left out. What runs on this machine has an address that Heroku cannot reach,
// so that --local asks Heroku only where HEROKU_API_URL says that it is not the real one.
func (s *session) herokuClient() (*heroku.Client, error) {
	if s.flags.NoHeroku || s.localOnly() {
		return nil, nil
	}
	config, err := heroku.FromEnvironment(os.LookupEnv)
	if errors.Is(err, heroku.ErrNoKey) {
		return nil, fmt.Errorf("%w; --no-heroku does the AWS side only", err)
	}
	if err != nil {
		return nil, err
	}
	config.Pause = s.wait
	return heroku.New(config)
}

// localOnly tells whether --local leaves Heroku out.
func (s *session) localOnly() bool {
	return s.flags.Local && os.Getenv("HEROKU_API_URL") == ""
}

// deadLettersOf counts an app's dead letters.
func (b *sides) deadLettersOf(ctx context.Context, app string) (int, error) {
	found, err := b.dead.List(ctx, deadletters.SampleLimit)
	return found.ByApp()[app], err
}

// limited returns ctx with a verb's --timeout.
func limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done within %s (--timeout)", limit))
}

// awsSide returns a Connector that leaves Heroku out.
func (s *session) awsSide(api *apiclient.Client, p *term.Progress) *connect.Connector {
	return &connect.Connector{API: api, Progress: p, Wait: s.wait}
}
