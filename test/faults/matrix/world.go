package matrix

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/stack"
	"heroku-drains/test/faults/lines"
)

// World is the system that a row runs on, its apps, and clients with which a row can break it. Their calls are subject to no fault.
type World struct {
	*local.System
	Context context.Context
	Apps    []*App

	API     *apiclient.Client
	Logs    *cloudwatchlogs.Client
	SQS     *sqs.Client
	Lambda  *lambda.Client
	Tables  *dynamodb.Client
	Secrets *secretsmanager.Client

	setup   Setup
	sending sync.WaitGroup
	sent    sent
	unmet   []string // faults that no call met
}

// App is an app whose lines are sent. Its name is part of that of the other one, so that a mistake in a prefix shows.
type App struct {
	Name    string
	Drain   drain.Drain
	Ledger  *simulate.Ledger
	logplex *simulate.Logplex
	pace    *pace
	archive []lines.Stored // what was stored before a row deleted it
}

// start starts a system with the drains of two apps.
func start(ctx context.Context, setup Setup, o Options) (*World, error) {
	system, err := local.Start(ctx, local.Options{Binaries: o.Binaries, Output: o.Output, Concurrency: setup.Concurrency, Dedup: setup.Dedup})
	if err != nil {
		return nil, err
	}
	w := &World{System: system, Context: ctx, setup: setup}
	w.AWS.OnDone(w.sent.note)
	if err := w.connect(); err != nil {
		return nil, errors.Join(err, system.Close())
	}
	for i, name := range []string{"shop", "shop-staging"} {
		if err := w.addApp(name, uint64(i+1)); err != nil {
			return nil, errors.Join(err, system.Close())
		}
	}
	return w, nil
}

// connect creates the clients.
func (w *World) connect() (err error) {
	cfg := w.AWS.ObserverConfig()
	w.Logs, w.SQS, w.Lambda = cloudwatchlogs.NewFromConfig(cfg), sqs.NewFromConfig(cfg), lambda.NewFromConfig(cfg)
	w.Tables, w.Secrets = dynamodb.NewFromConfig(cfg), secretsmanager.NewFromConfig(cfg)
	w.API, err = apiclient.New(apiclient.Config{URL: w.AWS.APIURL(), Region: cfg.Region, Credentials: cfg.Credentials})
	return err
}

// addApp creates an app's drain, and the Logplex that sends to it.
func (w *World) addApp(name string, seed uint64) error {
	settings := drain.Patch{Format: aws.String(string(w.setup.Format))}
	made, _, err := w.API.Put(w.Context, name, settings)
	if err != nil {
		return fmt.Errorf("create the drain of %s: %w", name, err)
	}
	mode := simulate.Cedar
	if w.setup.Space {
		mode = simulate.Space
	}
	app := &App{Name: name, Drain: made, Ledger: &simulate.Ledger{}, pace: newPace(w.setup.Source(name, seed), w.setup.Rate == 0)}
	app.logplex = simulate.NewLogplex(app.pace, simulate.Options{
		Nodes: w.setup.Nodes, Mode: mode, Rate: w.setup.Rate, Ledger: app.Ledger,
	})
	app.logplex.Subscribe([]simulate.Subscription{{URL: made.DrainURL, Token: "d." + name}})
	w.Apps = append(w.Apps, app)
	return w.Until(name+" is active", func() (bool, error) {
		d, err := w.API.Get(w.Context, name)
		app.Drain.Queue, app.Drain.EventSource, app.Drain.LogGroup, app.Drain.LogStream = d.Queue, d.EventSource, d.LogGroup, d.LogStream
		return err == nil && d.State == drain.Active, nil
	})
}

// send starts to send lines.
func (w *World) send() {
	for _, app := range w.Apps {
		w.sending.Go(func() { app.logplex.Run(w.Context) })
	}
}

// finish makes no more lines, and returns when those that were made are delivered or dropped.
func (w *World) finish() {
	for _, app := range w.Apps {
		app.logplex.Finish()
		app.pace.end()
	}
	w.sending.Wait()
}

// Acknowledged returns when so many more lines of each app were answered with 2xx.
func (w *World) Acknowledged(more int) error {
	for _, app := range w.Apps {
		if err := w.acknowledged(app, app.Ledger.Tally().Acknowledged+more); err != nil {
			return err
		}
	}
	return nil
}

// acknowledged returns when so many lines of an app were answered with 2xx.
func (w *World) acknowledged(app *App, lines int) error {
	return w.Until(fmt.Sprintf("%d lines of %s are acknowledged", lines, app.Name), func() (bool, error) {
		return app.Ledger.Tally().Acknowledged >= lines, nil
	})
}

// Alone sends n lines of an app, and returns when they are stored or dead letters. The lines must be paused.
func (w *World) Alone(app *App, n int) error {
	want := app.Ledger.Tally().Acknowledged + n
	app.pace.some(n)
	if err := w.acknowledged(app, want); err != nil {
		return err
	}
	return w.settle()
}

// Pause makes no more lines until Resume. Those that were made are still delivered.
func (w *World) Pause() {
	for _, app := range w.Apps {
		app.pace.pause()
	}
}

// Resume ends Pause.
func (w *World) Resume() {
	for _, app := range w.Apps {
		app.pace.resume()
	}
}

// patience limits how long Until waits, which is longer than anything takes on a busy machine.
const patience = 3 * time.Minute

// Until waits until a condition holds, in real time.
func (w *World) Until(what string, holds func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(w.Context, patience)
	defer cancel()
	for {
		if ok, err := holds(); err != nil || ok {
			return err
		}
		if err := clock.Sleep(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("wait until %s: %w", what, err)
		}
	}
}

// Sleep waits in real time, in which the functions run.
func (w *World) Sleep(d time.Duration) error { return clock.Sleep(w.Context, d) }

// Queue returns the name of an app's queue.
func (a *App) Queue() string { return stack.DefaultQueuePrefix + a.Name }

// Stream returns the name of an app's log stream.
func (a *App) Stream() string { return stack.DefaultStreamPrefix + a.Name }
