package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// system is the system that is soaked, and what is sent to it.
type system struct {
	*local.System
	opts     options
	binaries map[string]string
	folder   string // of the binaries
	ledger   simulate.Ledger
	calls    calls
	window   *window
	pacer    pacer
	apps     []*app
	byToken  map[string]*app
	sending  sync.WaitGroup
}

// app is an app with a drain.
type app struct {
	name    string
	logplex *simulate.Logplex
	checker *checker
	settled []simulate.Entry // not checked yet
}

// start builds the functions, starts the system and creates the drains.
func start(ctx context.Context, o options) (*system, error) {
	s := &system{opts: o, byToken: map[string]*app{}, window: newWindow(o.window), pacer: pacer{rate: o.rate}}
	var err error
	if !o.inProcess {
		if s.folder, err = os.MkdirTemp("", "heroku-drains-soak-"); err != nil {
			return nil, err
		}
		if s.binaries, err = localtest.BuildFunctions(ctx, s.folder); err != nil {
			return nil, errors.Join(err, os.RemoveAll(s.folder))
		}
	}
	if s.System, err = local.Start(ctx, local.Options{Binaries: s.binaries}); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	s.AWS.OnCall(s.calls.count)
	if err := s.createDrains(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *system) close() error {
	err := s.System.Close()
	if s.folder != "" {
		err = errors.Join(err, os.RemoveAll(s.folder))
	}
	return err
}

// createDrains creates the drains, and returns when they are active.
func (s *system) createDrains(ctx context.Context) error {
	config := s.AWS.Config()
	api, err := apiclient.New(apiclient.Config{URL: s.AWS.APIURL(), Region: config.Region, Credentials: config.Credentials})
	if err != nil {
		return err
	}
	for i := range s.opts.apps {
		name := fmt.Sprintf("soak-%02d", i+1)
		d, _, err := api.Put(ctx, name, drain.Patch{})
		if err != nil {
			return fmt.Errorf("create the drain for %s: %w", name, err)
		}
		generator := simulate.New(name, uint64(i)+1)
		a := &app{name: name, checker: newChecker()}
		nodes := s.opts.senders / s.opts.apps
		if i < s.opts.senders%s.opts.apps {
			nodes++
		}
		a.logplex = simulate.NewLogplex(&source{generator: generator, window: s.window, pacer: &s.pacer, ctx: ctx}, simulate.Options{
			Nodes: nodes, Mode: s.opts.mode(), Ledger: &s.ledger,
		})
		a.logplex.Subscribe([]simulate.Subscription{{URL: d.DrainURL, Token: generator.Token()}})
		s.apps, s.byToken[generator.Token()] = append(s.apps, a), a
	}
	for _, a := range s.apps {
		for {
			d, err := api.Get(ctx, a.name)
			if err == nil && d.State == drain.Active {
				break
			}
			if err := clock.Sleep(ctx, 50*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return nil
}

// check compares what became of lines with what is stored, and lets ledger and embedded AWS forget both. As many lines as are done can be made then.
func (s *system) check() error {
	before := s.sums().done
	for _, e := range s.ledger.Take() {
		a := s.byToken[e.Drain]
		a.settled = append(a.settled, e)
	}
	var checking sync.WaitGroup
	errs := make([]error, len(s.apps))
	for i, a := range s.apps { // at the same time, because one goroutine does not get much time among so many that are busy
		checking.Go(func() { errs[i] = a.check(s.AWS) })
	}
	checking.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	s.window.give(s.sums().done - before)
	for _, function := range []string{stack.LocalDrainsFunction, stack.LocalStorageFunction, stack.LocalAlertsFunction} {
		s.AWS.EmptyGroup("/aws/lambda/" + function) // what they print is not checked here
	}
	return nil
}

// check compares what became of the app's lines with what is stored.
func (a *app) check(aws *awslocal.Server) error {
	for _, e := range a.settled {
		if err := a.checker.settle(e); err != nil {
			return err
		}
	}
	clear(a.settled) // releases the lines
	a.settled = a.settled[:0]
	for _, e := range aws.TakeEvents(stack.DefaultLogGroup, stack.DefaultStreamPrefix+a.name) {
		a.checker.store(e)
	}
	return nil
}

// sums returns the counts of all apps together.
func (s *system) sums() counts {
	var sum counts
	for _, a := range s.apps {
		c := a.checker.counts
		sum.done += c.done
		sum.acknowledged += c.acknowledged
		sum.stored += c.stored
		sum.dropped += c.dropped
		sum.duplicates += c.duplicates
		sum.altered += c.altered
		if c.example != "" {
			sum.example = a.name + ": " + c.example
		}
	}
	return sum
}

// lost returns how many lines of all apps were acknowledged, and are not stored.
func (s *system) lost() int {
	lost := 0
	for _, a := range s.apps {
		lost += a.checker.lost()
	}
	return lost
}

// deadLetters returns how many messages could not be stored.
func (s *system) deadLetters(ctx context.Context) (int, error) {
	client := sqs.NewFromConfig(s.AWS.ObserverConfig())
	queue, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(stack.LocalDeadLetterQueue)})
	if err != nil {
		return 0, err
	}
	const waiting = types.QueueAttributeNameApproximateNumberOfMessages
	out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: queue.QueueUrl, AttributeNames: []types.QueueAttributeName{waiting},
	})
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(out.Attributes[string(waiting)])
}
