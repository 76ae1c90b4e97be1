package cli

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/stack"
)

type redriveCmd struct {
	List   bool `xor:"what" help:"Show what is in there, decoded, and leave it there."`
	Limit  int  `default:"100" placeholder:"N" help:"With --list: look at N messages at most, 100 if not told."`
	DryRun bool `xor:"what" help:"Say what would be moved, and move nothing."`
}

// Help is the verb's long help.
func (redriveCmd) Help() string {
	return `What could not be stored after some tries ends in the stack's dead-letter queue, and is kept there until it is 14 days old. Look why
first (the storage function's log says it), for what fails again comes back here.

All of it is moved by AWS, each message to the queue it comes from. AWS has no choice by app in this: with -a, an app's messages are
moved from here, one by one. Each is in its queue before it is taken out of the dead letters, so that none is lost whenever this is
interrupted; one may then be stored twice. The same command again does what is left. Ctrl-C does not stop what AWS does.

Examples:

    heroku-drains-cli redrive --list
    heroku-drains-cli redrive --list -a shop --output json | jq -r '.data[].lines[].message'
    heroku-drains-cli redrive
    heroku-drains-cli redrive -a shop`
}

// Run moves dead letters back, or shows them.
func (c *redriveCmd) Run(ctx context.Context, s *session) error {
	var app string
	if s.flags.App != "" {
		var err error
		if app, err = s.app(); err != nil {
			return err
		}
	}
	if c.Limit < 1 {
		return usagef("--limit must be 1 or more")
	}
	o, err := s.deadLetterOffice(ctx)
	if err != nil {
		return err
	}
	switch {
	case c.List:
		err = o.list(ctx, app, c.Limit)
	case c.DryRun:
		err = o.preview(ctx, app)
	case app != "":
		err = o.moveApp(ctx, app)
	default:
		err = o.moveAll(ctx)
	}
	if err != nil {
		return fmt.Errorf("redrive: %w", err)
	}
	return nil
}

// deadLetterOffice moves dead letters to the drains that there are.
type deadLetterOffice struct {
	*session
	queue deadletters.Queue
	sqs   *sqs.Client
	api   *apiclient.Client
}

func (s *session) deadLetterOffice(ctx context.Context) (*deadLetterOffice, error) {
	cfg, err := s.awsConfig(ctx)
	if err != nil {
		return nil, err
	}
	outputs, err := s.outputs(ctx, cfg)
	if err == nil && outputs.DeadLetterQueueURL == "" && s.flags.APIURL != "" { // --api-url leaves the stack out
		outputs, err = stackOutputs(ctx, cfg, s.flags.Stack)
	}
	if err != nil {
		return nil, err
	}
	if outputs.DeadLetterQueueURL == "" {
		return nil, fmt.Errorf("find the dead letters: the stack %s in %s has no output %s; deploy it again", s.flags.Stack, cfg.Region,
			stack.OutputDeadLetterQueue)
	}
	api, err := s.api(ctx)
	if err != nil {
		return nil, err
	}
	client := sqs.NewFromConfig(cfg)
	queue := deadletters.Queue{Client: client, URL: outputs.DeadLetterQueueURL, Prefix: outputs.QueuePrefix}
	return &deadLetterOffice{session: s, queue: queue, sqs: client, api: api}, nil
}
