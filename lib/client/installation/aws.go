package installation

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/logging"

	"heroku-drains/lib/stack"
)

// Errors of Installation.AWS.
var (
	ErrNoRegion      = errors.New("no AWS Region is set")
	ErrNoCredentials = errors.New("no valid AWS credentials")
	ErrConfiguration = errors.New("cannot read the AWS configuration")
)

// AWS returns the configuration of all AWS clients: the SDK's default chain (environment, profiles, roles), or that of the local system.
func (i *Installation) AWS(ctx context.Context) (aws.Config, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.config == nil {
		cfg, err := i.loadConfig(ctx)
		if err != nil {
			return aws.Config{}, err
		}
		i.config = &cfg
	}
	return i.config.Copy(), nil
}

func (i *Installation) loadConfig(ctx context.Context) (aws.Config, error) {
	if local := i.opts.Local; local != nil {
		return aws.Config{
			Region:       stack.LocalRegion,
			Credentials:  credentials.NewStaticCredentialsProvider(stack.LocalAccessKey, stack.LocalAccessKey, ""),
			BaseEndpoint: aws.String(local.AWSURL),
			HTTPClient:   newLocalClient(*local),
		}, nil
	}
	options := []func(*config.LoadOptions) error{config.WithLogger(logging.Nop{})} // the errors say it all
	if i.opts.Region != "" {
		options = append(options, config.WithRegion(i.opts.Region))
	}
	if i.opts.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(i.opts.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("%w: %w", ErrConfiguration, err)
	}
	if cfg.Region == "" {
		return aws.Config{}, ErrNoRegion
	}
	// Without this check, missing credentials would cause an obscure error in the first call.
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return aws.Config{}, fmt.Errorf("%w: %w", ErrNoCredentials, err)
	}
	return cfg, nil
}
