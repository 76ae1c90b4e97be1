package installation

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/logging"

	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/client/reach"
	"heroku-drains/lib/stack"
)

// ErrNoRegion is an error of Installation.AWS.
var ErrNoRegion = errors.New("no AWS Region is set")

// ConfigurationError means that the AWS configuration files cannot be read, or contradict themselves.
type ConfigurationError struct{ Err error }

// Error says why.
func (e *ConfigurationError) Error() string {
	if found := cause.Of(e.Err); found.Kind != cause.Other {
		return found.Text
	}
	return "cannot read the AWS configuration: " + e.Err.Error()
}

// Unwrap returns the SDK's error.
func (e *ConfigurationError) Unwrap() error { return e.Err }

// CredentialsError means that no credentials could be found or fetched.
type CredentialsError struct{ Err error }

// Error says why.
func (e *CredentialsError) Error() string {
	switch found := cause.Of(e.Err); found.Kind {
	case cause.Other:
		return "cannot get AWS credentials: " + cause.Innermost(e.Err).Error()
	case cause.Unreachable:
		return "cannot get AWS credentials: " + found.Text
	default:
		return found.Text
	}
}

// Unwrap returns the SDK's error.
func (e *CredentialsError) Unwrap() error { return e.Err }

// regionName matches the names of Regions, such as us-gov-west-1.
var regionName = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9]+$`)

// IsRegion reports whether a name is formed like those of Regions. Whether the Region exists is not known.
func IsRegion(name string) bool { return regionName.MatchString(name) }

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
			Logger:       logging.Nop{},
		}, nil
	}
	client := awshttp.NewBuildableClient().WithDialerOptions(reach.Dialer).WithTransportOptions(reach.Limits)
	options := []func(*config.LoadOptions) error{
		config.WithLogger(logging.Nop{}), // the errors say it all
		config.WithHTTPClient(client), config.WithRetryer(newRetryer),
	}
	if i.opts.Region != "" {
		options = append(options, config.WithRegion(i.opts.Region))
	}
	if i.opts.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(i.opts.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, &ConfigurationError{Err: err}
	}
	switch {
	case cfg.Region == "":
		return aws.Config{}, ErrNoRegion
	case cfg.BaseEndpoint == nil && !IsRegion(cfg.Region): // another endpoint may have any Region
		return aws.Config{}, &cause.RegionError{Region: cfg.Region}
	}
	// Without this check, missing credentials would cause an obscure error in the first call.
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return aws.Config{}, &CredentialsError{Err: err}
	}
	cfg.HTTPClient = newRegionClient(cfg)
	return cfg, nil
}

// newRetryer returns a retryer that does not try again to get credentials from a host that cannot be reached. Without EC2, its metadata service
// is such a host. Other calls have errors that say themselves whether to retry: see package reach.
func newRetryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.Retryables = slices.Insert(slices.Clone(o.Retryables), 0, retry.IsErrorRetryable(retry.IsErrorRetryableFunc(unlessUnreachable)))
	})
}

func unlessUnreachable(err error) aws.Ternary {
	if _, ours := errors.AsType[*reach.Error](err); ours {
		return aws.UnknownTernary
	}
	_, unreachable := reach.Find(err)
	sent, isHTTP := errors.AsType[*url.Error](err)
	if unreachable || isHTTP && sent.Timeout() && strings.Contains(sent.URL, metadataPath) {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

// metadataPath is in every URL of the metadata service of EC2.
const metadataPath = "/latest/"
