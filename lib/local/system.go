// Package local is what `cdk deploy` makes, on the embedded AWS of this machine: log group, signing key, dead-letter queue, both
// functions and the API's routes. It needs no account and no container.
package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"heroku-drains/lib/local/awslocal"
)

// The names of what the stack makes once. Those per app, and the rest, are the functions' defaults.
const (
	DrainsFunction  = "heroku-drains"
	StorageFunction = "heroku-drains-storage"
	SigningKey      = "heroku-drains/signing-key"
	DeadLetterQueue = "heroku-drains-dead-letters"
	LogGroup        = "/heroku/apps"
	RetentionDays   = 7
)

// Options say where a System listens and what its functions are. The zero value is a System on free ports, its functions in process.
type Options struct {
	APIAddr        string            // the drains API; default 127.0.0.1:0
	AWSAddr        string            // the AWS endpoint; default 127.0.0.1:0
	Binaries       map[string]string // function name to bootstrap, for those that are to run as they would on Lambda
	Output         io.Writer         // what Binaries print; nil: dropped
	TransitionTime time.Duration     // see awslocal.Options
	Logger         *slog.Logger      // of the embedded AWS and of the functions in process; nil: none
}

// System is the running whole. Start makes one; Close ends it.
type System struct {
	AWS *awslocal.Server
}

// Start brings the system up and returns when it takes requests.
func Start(ctx context.Context, opts Options) (*System, error) {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	server, err := awslocal.Start(awslocal.Options{
		APIAddr: opts.APIAddr, AWSAddr: opts.AWSAddr, TransitionTime: opts.TransitionTime, Logger: opts.Logger,
	})
	if err != nil {
		return nil, err
	}
	s := &System{AWS: server}
	if err := s.deploy(ctx, opts); err != nil {
		return nil, errors.Join(fmt.Errorf("set up the system: %w", err), s.Close())
	}
	return s, nil
}

// deploy makes the stack's resources in the order in which they need each other.
func (s *System) deploy(ctx context.Context, opts Options) error {
	made, err := makeResources(ctx, s.AWS.Config())
	if err != nil {
		return err
	}
	if err := s.addFunctions(made, opts); err != nil {
		return err
	}
	return s.AWS.SetRoutes(routes)
}

// Close ends the system. What it stored is gone with it.
func (s *System) Close() error { return s.AWS.Close() }

// routes are those of the stack: whoever manages drains is known by AWS IAM, Heroku by the password in its URL.
var routes = []awslocal.Route{
	{Key: "GET /drains", IAM: true, Function: DrainsFunction},
	{Key: "GET /drains/{app}", IAM: true, Function: DrainsFunction},
	{Key: "PUT /drains/{app}", IAM: true, Function: DrainsFunction},
	{Key: "DELETE /drains/{app}", IAM: true, Function: DrainsFunction},
	{Key: "POST /drains/{app}", Function: DrainsFunction},
}
