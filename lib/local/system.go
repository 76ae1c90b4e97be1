// Package local runs the whole system on this machine. It creates on the embedded AWS what `cdk deploy` creates on AWS: the log group, the
// signing key, the dead-letter queue, what alerts need, the functions and the API's routes. It needs no account and no container.
package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// Options say where a System listens and how its functions run. With the zero value it listens on free ports, and the functions run in process.
type Options struct {
	APIAddr        string              // the drains API; default 127.0.0.1:0
	AWSAddr        string              // the AWS endpoint; default 127.0.0.1:0
	Data           string              // a folder that keeps everything: a later System with this folder goes on with it; default: none
	Binaries       map[string]string   // paths of bootstrap executables by function name, for functions that run as on Lambda
	Rules          *alert.Set          // the alert rules of functions in process; nil: the default rules. Binaries read the file stack.RulesFile in their folder
	Output         io.Writer           // receives the output of Binaries; nil: discarded
	TransitionTime time.Duration       // see awslocal.Options
	Lag            awslocal.Lag        // see awslocal.Options
	Concurrency    int                 // see awslocal.Options
	QueryTime      time.Duration       // see awslocal.Options
	Throttle       awslocal.Throttle   // see awslocal.Options
	LogClass       types.LogGroupClass // of the log group; default STANDARD
	Dedup          stack.Dedup         // default stack.DedupWarm
	Record         string              // see awslocal.Options
	Retry          time.Duration       // how long the storage function may run, and how long what it fails to store stays hidden; default as on AWS, minutes
	Program        string              // how to call heroku-drains-cli, for notifications of alerts; default heroku-drains-cli
	Logger         *slog.Logger        // for the embedded AWS and for functions in process; nil: nothing is logged
}

// System is a running system. Start starts one, Close stops it.
type System struct {
	AWS *awslocal.Server
}

// Start starts a system and returns when it accepts requests. The caller must close it.
func Start(ctx context.Context, opts Options) (*System, error) {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Rules == nil {
		opts.Rules = alert.Defaults()
	}
	server, err := awslocal.Start(awslocal.Options{
		APIAddr: opts.APIAddr, AWSAddr: opts.AWSAddr, TransitionTime: opts.TransitionTime, Lag: opts.Lag, QueryTime: opts.QueryTime,
		Concurrency: opts.Concurrency, Throttle: opts.Throttle, Logger: opts.Logger, Data: opts.Data, Record: opts.Record,
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

// deploy creates the stack's resources, in the order in which they depend on each other. Those that Options.Data has kept get the settings of this
// program, as another `cdk deploy` does it.
func (s *System) deploy(ctx context.Context, opts Options) error {
	r, err := createResources(ctx, s.AWS.Config(), opts)
	if err != nil {
		return err
	}
	if err := addTables(s.AWS, opts); err != nil {
		return err
	}
	if r.alerts.topic, err = s.AWS.AddTopic(stack.LocalAlertsTopic); err != nil {
		return fmt.Errorf("create the alerts topic: %w", err)
	}
	if err := s.addFunctions(r, opts); err != nil {
		return err
	}
	if err := s.startAlerts(ctx, r.alerts.queueARN); err != nil {
		return err
	}
	if err := s.AWS.SetAccessLog(stack.LocalAccessLogGroup, stack.AccessLogFormat); err != nil {
		return err
	}
	return s.AWS.SetRoutes(Routes(stack.Routes()))
}

// Close stops the system. All stored data is lost, unless Options.Data keeps it.
func (s *System) Close() error { return s.AWS.Close() }

// Routes returns the routes of the stack for the embedded AWS. The functions have the names of their packages.
func Routes(routes []stack.Route) []awslocal.Route {
	var out []awslocal.Route
	for _, r := range routes {
		out = append(out, awslocal.Route{Key: r.Key, IAM: r.Access == stack.ByIAM, Function: string(r.Function)})
	}
	return out
}
