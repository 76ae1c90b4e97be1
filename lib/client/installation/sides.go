package installation

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/awscall/logscall"
	"heroku-drains/lib/awscall/sqscall"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/drain"
)

// Sides are both sides of the installation's drains, AWS and Heroku.
type Sides struct {
	*connect.Connector
	Account         *heroku.Client     // nil: Heroku is skipped
	DeadLetterQueue *deadletters.Queue // nil: its URL is unknown

	NoKey bool // Heroku is skipped because there is no key
}

// OnAWS returns a copy that skips Heroku.
func (b *Sides) OnAWS() *Sides {
	connector := *b.Connector
	connector.Heroku = nil
	return &Sides{Connector: &connector, DeadLetterQueue: b.DeadLetterQueue}
}

// SidesToRead is like Sides for those who change nothing: without a Heroku key, it skips Heroku, and sets NoKey.
func (i *Installation) SidesToRead(ctx context.Context) (*Sides, error) {
	account, err := i.Heroku(ctx)
	noKey := errors.Is(err, heroku.ErrNoKey)
	if err != nil && !noKey {
		return nil, err
	}
	both, err := i.SidesWith(ctx, account)
	if err == nil {
		both.NoKey = noKey
	}
	return both, err
}

// Sides returns both sides. It fails early if something that they need is missing: a Heroku key, AWS credentials, or the API's address.
func (i *Installation) Sides(ctx context.Context) (*Sides, error) {
	account, err := i.Heroku(ctx)
	if err != nil {
		return nil, err
	}
	return i.SidesWith(ctx, account)
}

// SidesWith is like Sides, but uses the given client of Heroku's API; nil: Heroku is skipped.
func (i *Installation) SidesWith(ctx context.Context, account *heroku.Client) (*Sides, error) {
	cfg, err := i.AWS(ctx)
	if err != nil {
		return nil, err
	}
	api, url, err := i.apiAt(ctx)
	if err != nil {
		return nil, err
	}
	both := &Sides{
		Connector: &connect.Connector{
			API: api, APIURL: url, Logs: logscall.New(cloudwatchlogs.NewFromConfig(cfg)), Wait: i.opts.Wait, ExactCounts: i.IsLocal(),
			Command: i.opts.Command,
		},
		Account: account,
	}
	if i.IsLocal() {
		both.Connector.Output = "the output of 'local'"
	}
	if account != nil {
		both.Connector.Heroku = account
	}
	outputs, err := i.Outputs(ctx)
	if err != nil {
		return nil, err
	}
	if queue := outputs.DeadLetterQueueURL; queue != "" {
		both.DeadLetterQueue = &deadletters.Queue{Client: sqscall.New(sqs.NewFromConfig(cfg)), URL: queue, Prefix: outputs.QueuePrefix}
		both.Connector.DeadLetters = both.countDeadLetters
	}
	return both, nil
}

// AWSOnly returns a Connector for the AWS side alone.
func (i *Installation) AWSOnly(ctx context.Context) (*connect.Connector, error) {
	api, err := i.API(ctx)
	if err != nil {
		return nil, err
	}
	return &connect.Connector{API: api, Wait: i.opts.Wait, Command: i.opts.Command}, nil
}

// ListAll returns both sides of all drains: those of the stack, with these details, and those at Heroku that point to it.
func (b *Sides) ListAll(ctx context.Context, include ...drain.Detail) ([]connect.Connection, error) {
	var apps []heroku.App
	if b.Account != nil {
		var err error
		if apps, err = b.Account.Apps(ctx); err != nil {
			return nil, err
		}
	}
	return b.List(ctx, apps, include...)
}

// countDeadLetters counts an app's dead letters.
func (b *Sides) countDeadLetters(ctx context.Context, app string) (int, error) {
	found, err := b.DeadLetterQueue.List(ctx, deadletters.SampleLimit)
	return found.ByApp()[app], err
}
