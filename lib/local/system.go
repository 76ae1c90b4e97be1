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
	"heroku-drains/lib/stack"
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
	return s.AWS.SetRoutes(routes(stack.LocalDrainsFunction))
}

// Close ends the system. What it stored is gone with it.
func (s *System) Close() error { return s.AWS.Close() }

// routes returns the stack's routes, to a function.
func routes(function string) []awslocal.Route {
	var routes []awslocal.Route
	for _, r := range stack.Routes() {
		routes = append(routes, awslocal.Route{Key: r.Key, IAM: r.Access == stack.ByIAM, Function: function})
	}
	return routes
}
