// Package awslocal is an embedded AWS: the services that this system uses, in memory and over AWS's own protocols. It implements SQS,
// CloudWatch Logs, Lambda with event source mappings, DynamoDB, SNS, Secrets Manager, STS, an API gateway, and of CloudWatch the age of the oldest
// message in a queue. Unmodified SDK clients and the aws CLI can use it.
//
// It is at least as strict as AWS and rejects what it does not implement with AWS's error for that. Tests can advance its clock and
// make calls fail.
package awslocal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"heroku-drains/lib/awscall/safeclient"
	"heroku-drains/lib/local/awslocal/internal/awsquery"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/cloudwatch"
	"heroku-drains/lib/local/awslocal/internal/cwlogs"
	"heroku-drains/lib/local/awslocal/internal/dynamodb"
	"heroku-drains/lib/local/awslocal/internal/gateway"
	"heroku-drains/lib/local/awslocal/internal/journal"
	"heroku-drains/lib/local/awslocal/internal/lambda"
	"heroku-drains/lib/local/awslocal/internal/meter"
	"heroku-drains/lib/local/awslocal/internal/secrets"
	"heroku-drains/lib/local/awslocal/internal/sigv4"
	"heroku-drains/lib/local/awslocal/internal/sns"
	"heroku-drains/lib/local/awslocal/internal/sqs"
	"heroku-drains/lib/local/awslocal/internal/sts"
)

// Server is a running embedded AWS. Start starts one and Close stops it.
type Server struct {
	opts   Options
	clock  *clock.Clock
	keys   sigv4.Verifier
	faults faults
	posted postedFaults
	idle   idleConnections
	record *record
	disk   *journal.Store // nil without Options.Data

	sources []journal.Source // of everything that is kept
	calls   listeners[Call]
	done    listeners[DoneCall]
	rates   throttle
	started time.Time
	meter   *meter.Meter
	secrets *secrets.Service
	tables  *dynamodb.Service

	publications listeners[Publication]
	documents    documents

	awsURL, apiURL string
	sqs            *sqs.Service
	sns            *sns.Service
	logs           *cwlogs.Service
	lambda         *lambda.Service
	gateway        *gateway.Gateway
	services       map[string]service // by signing name

	servers  []*http.Server
	client   *http.Client // shared by all Configs, so that Close can close its connections
	lifetime context.Context
	stop     context.CancelFunc
	serving  sync.WaitGroup // the two accept loops, and the schedules
	handling sync.WaitGroup // running requests
}

// Start starts a Server, which is ready for requests when Start returns. An error names the address that cannot be opened.
func Start(opts Options) (*Server, error) {
	opts = opts.withDefaults()
	awsListener, err := net.Listen("tcp", opts.AWSAddr)
	if err != nil {
		return nil, fmt.Errorf("open the AWS endpoint: %w", err)
	}
	apiListener, err := net.Listen("tcp", opts.APIAddr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the API gateway: %w", err), awsListener.Close())
	}
	s, err := newServer(opts, urlOf(awsListener), urlOf(apiListener))
	if err != nil {
		return nil, errors.Join(err, awsListener.Close(), apiListener.Close())
	}
	s.lifetime, s.stop = context.WithCancel(context.Background())
	s.serve(awsListener, s.serveAWS)
	s.serve(apiListener, s.serveAPI)
	return s, nil
}

// newServer returns a Server that does not listen yet.
func newServer(opts Options, awsURL, apiURL string) (*Server, error) {
	s := &Server{
		opts:    opts,
		clock:   clock.New(),
		started: time.Now().UTC().Truncate(time.Microsecond), // as JSON, it is the same
		meter:   meter.New(),
		awsURL:  awsURL,
		apiURL:  apiURL,
		client:  &http.Client{Transport: newTransport()},
	}
	s.faults.clock, s.faults.seed = s.clock, opts.Seed
	s.keys.Add(opts.AccessKeyID, opts.SecretAccessKey)
	if opts.Throttle == ThrottleAsAWS {
		s.rates = throttle{clock: s.clock, rates: Rates(), buckets: make(map[string]*bucket)}
	}
	if err := s.openDisk(); err != nil {
		return nil, err
	}
	if opts.Record != "" && opts.Lag == (Lag{}) && opts.Throttle == Unthrottled {
		var err error
		if s.record, err = newRecord(opts.Record); err != nil {
			return nil, errors.Join(err, s.disk.Close())
		}
	}
	if err := s.newServices(); err != nil {
		s.lambda.Close()
		s.sqs.Close()
		return nil, errors.Join(err, s.disk.Close())
	}
	return s, nil
}

// newServices creates the services, with what is on disk.
func (s *Server) newServices() error {
	account := s.opts.account()
	var failed, err error
	s.sqs, failed = sqs.New(sqs.Config{Clock: s.clock, Account: account, BaseURL: s.awsURL, Lag: s.opts.Lag.sqs(), Disturb: s.disturb, Journal: s.disk, Meter: s.meter})
	s.tables, err = dynamodb.New(s.dynamoDB())
	failed = errors.Join(failed, err)
	s.logs, err = cwlogs.New(cwlogs.Config{Clock: s.clock, Account: account, Lag: s.opts.Lag.LastEvent, Journal: s.disk, Meter: s.meter, QueryTime: s.opts.QueryTime})
	failed = errors.Join(failed, err)
	s.secrets, err = secrets.New(s.clock, account, s.disk, s.meter)
	failed = errors.Join(failed, err)
	s.sns, err = sns.New(sns.Config{
		Clock: s.clock, Account: account, Queues: s.sqs, Published: s.publications.notify, Log: s.opts.Logger, Journal: s.disk, Meter: s.meter,
	})
	failed = errors.Join(failed, err)
	s.services = map[string]service{
		"dynamodb":       {handler: s.tables, operation: targetOperation, fail: dynamodb.WriteError},
		"logs":           jsonService(s.logs),
		"monitoring":     {handler: cloudwatch.New(s.clock, s.sqs, s.meter), operation: cloudwatch.Operation, fail: cloudwatch.WriteError},
		"secretsmanager": jsonService(s.secrets),
		"sns":            {handler: s.sns, operation: awsquery.Operation, fail: sns.WriteError},
		"sqs":            jsonService(s.sqs),
		"sts":            {handler: sts.New(account), operation: awsquery.Operation, fail: sts.WriteError},
	}
	failed = errors.Join(failed, s.newFunctions())
	s.sources = []journal.Source{
		s.clockEntities, s.sqs.Entities, s.tables.Entities, s.logs.Entities, s.secrets.Entities, s.sns.Entities, s.lambda.Entities,
	}
	s.disk.Start(s.sources...)
	return failed
}

func (s *Server) dynamoDB() dynamodb.Config {
	return dynamodb.Config{
		Clock: s.clock, Account: s.opts.account(), TransitionTime: s.opts.TransitionTime, Lag: s.opts.Lag.dynamoDB(), Journal: s.disk, Meter: s.meter,
	}
}

// urlOf returns the URL at which clients on this machine reach a listener. If it listens on all addresses, that is 127.0.0.1.
func urlOf(l net.Listener) string {
	at := l.Addr().(*net.TCPAddr)
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(at.Port))
}

// serve serves a listener in the background until Close.
func (s *Server) serve(l net.Listener, handle http.HandlerFunc) {
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.handling.Add(1)
			defer s.handling.Done()
			handle(w, r)
		}),
		BaseContext:       func(net.Listener) context.Context { return s.lifetime },
		ConnState:         s.idle.note,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(s.opts.Logger.Handler(), slog.LevelWarn),
	}
	s.servers = append(s.servers, server)
	s.serving.Go(func() {
		if err := server.Serve(s.idle.listen(l)); !errors.Is(err, http.ErrServerClosed) {
			s.opts.Logger.Error("embedded AWS stopped listening", "address", l.Addr().String(), "error", err)
		}
	})
}

// closeTime is how long Close waits for running requests to send their responses, and for functions to finish their messages.
const closeTime = 2 * time.Second

// Close stops the Server. It ends running requests, long polls and functions, and returns once everything that Start started has ended. With
// Options.Data, functions get some time to finish their messages, which would be in flight after a restart, and processed twice.
func (s *Server) Close() error {
	if s.disk != nil && s.disk.Err() == nil {
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		s.lambda.Finish(ctx)
		cancel()
	}
	s.stop()
	s.lambda.Close() // the gateway's requests wait for functions
	s.client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	var failed []error
	for _, server := range s.servers {
		if server.Shutdown(ctx) != nil { // a client neither reads its response nor goes away
			failed = append(failed, server.Close())
		}
	}
	s.serving.Wait()
	s.handling.Wait()
	s.sqs.Close()
	return errors.Join(append(failed, s.disk.Close(), s.record.close())...)
}

// AWSURL returns the endpoint of all AWS services, such as http://127.0.0.1:4566.
func (s *Server) AWSURL() string { return s.awsURL }

// APIURL returns the URL of the API gateway.
func (s *Server) APIURL() string { return s.apiURL }

// Now returns the time of the Server's clock.
func (s *Server) Now() time.Time { return s.clock.Now() }

// Advance moves the Server's clock forward by d, so that timeouts and delays elapse at once. Signatures are checked against the machine's
// clock, which it does not change.
func (s *Server) Advance(d time.Duration) {
	s.clock.Advance(d)
	s.disk.Save(keptClock{Offset: s.clock.Offset()})
}

// Inject injects a fault, until remove is called.
func (s *Server) Inject(f Fault) (remove func()) { return s.InjectCounted(f).Remove }

// InjectCounted is like Inject, for a test that must know whether any call met the fault.
func (s *Server) InjectCounted(f Fault) Injected {
	a, remove := s.faults.add(f)
	return Injected{Remove: remove, Met: func() int {
		s.faults.mu.Lock()
		defer s.faults.mu.Unlock()
		return a.hits
	}}
}

// Injected is a fault that was injected.
type Injected struct {
	Remove func()     // ends the fault
	Met    func() int // returns how many calls the fault was for so far
}

// OnCall calls f for every call of the AWS endpoint, and for every request to the API gateway on a route that requires IAM, before the call is
// answered, until remove is called. f must be safe for concurrent use.
func (s *Server) OnCall(f func(Call)) (remove func()) { return s.calls.add(f) }

// OnDone calls f for every call of the AWS endpoint that a service has answered, before the answer is sent, until remove is called. f must be safe for
// concurrent use.
func (s *Server) OnDone(f func(DoneCall)) (remove func()) { return s.done.add(f) }

// Config returns a configuration with which SDK clients call this Server, with the access key in Options.
func (s *Server) Config() aws.Config { return s.ConfigFor(s.opts.AccessKeyID) }

// observer is the access key of ObserverConfig.
const observer = "observer"

// ObserverConfig is like Config, for a test that watches the system by polling: its calls are never throttled, do not count, and do not fail for a
// Fault.
func (s *Server) ObserverConfig() aws.Config { return s.ConfigFor(observer) }

// ConfigFor is like Config with another access key, which it creates if necessary. OnCall then shows who made a call.
func (s *Server) ConfigFor(accessKeyID string) aws.Config {
	return aws.Config{
		Region:       s.opts.Region,
		BaseEndpoint: aws.String(s.awsURL),
		Credentials:  credentials.NewStaticCredentialsProvider(accessKeyID, s.keys.Secret(accessKeyID), ""),
		HTTPClient:   safeclient.New(s.client),
	}
}
