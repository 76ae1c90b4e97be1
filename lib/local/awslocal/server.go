// Package awslocal is the part of AWS that this system touches, in one process and over AWS's own protocols: SQS, CloudWatch Logs,
// Lambda with event source mappings, Secrets Manager, STS and an API gateway. Unchanged SDK clients and the aws CLI talk to it.
//
// It is at least as strict as AWS, turns down what it does not know with the AWS error for it, and can be told to fail.
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

	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/cwlogs"
	"heroku-drains/lib/local/awslocal/internal/gateway"
	"heroku-drains/lib/local/awslocal/internal/lambda"
	"heroku-drains/lib/local/awslocal/internal/secrets"
	"heroku-drains/lib/local/awslocal/internal/sigv4"
	"heroku-drains/lib/local/awslocal/internal/sqs"
	"heroku-drains/lib/local/awslocal/internal/sts"
)

// Server is a running embedded AWS. Start makes one; Close ends it.
type Server struct {
	opts   Options
	clock  *clock.Clock
	keys   sigv4.Verifier
	faults faults
	calls  listeners

	awsURL, apiURL string
	sqs            *sqs.Service
	lambda         *lambda.Service
	gateway        *gateway.Gateway
	services       map[string]service // by signing name

	servers  []*http.Server
	client   *http.Client // of every Config, so that Close can end its connections
	stop     context.CancelFunc
	serving  sync.WaitGroup // the two accept loops
	handling sync.WaitGroup // requests under way
}

// Start opens both listeners and answers from then on. An error names the address that cannot be opened.
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
	s := &Server{
		opts:   opts,
		clock:  clock.New(),
		awsURL: urlOf(awsListener),
		apiURL: urlOf(apiListener),
		client: &http.Client{Transport: newTransport()},
	}
	s.keys.Add(opts.AccessKeyID, opts.SecretAccessKey)
	account := opts.account()
	s.sqs = sqs.New(s.clock, account, s.awsURL)
	s.services = map[string]service{
		"logs":           jsonService(cwlogs.New(s.clock, account)),
		"secretsmanager": jsonService(secrets.New(s.clock, account)),
		"sqs":            jsonService(s.sqs),
		"sts":            {handler: sts.New(account), operation: stsOperation, fail: sts.WriteError},
	}
	s.newFunctions()
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.serve(ctx, awsListener, s.serveAWS)
	s.serve(ctx, apiListener, s.serveAPI)
	return s, nil
}

// urlOf is where a client of this machine finds a listener. One that listens on every address is found on the machine's own.
func urlOf(l net.Listener) string {
	at := l.Addr().(*net.TCPAddr)
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(at.Port))
}

// serve answers a listener's requests until Close.
func (s *Server) serve(ctx context.Context, l net.Listener, handle http.HandlerFunc) {
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.handling.Add(1)
			defer s.handling.Done()
			handle(w, r)
		}),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(s.opts.Logger.Handler(), slog.LevelWarn),
	}
	s.servers = append(s.servers, server)
	s.serving.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.opts.Logger.Error("the embedded AWS stopped listening", "address", l.Addr().String(), "error", err)
		}
	})
}

// closeTime is how long Close lets the answers under way go out.
const closeTime = 2 * time.Second

// Close ends long polls and everything else under way, stops listening, and returns when nothing that Start began still runs.
func (s *Server) Close() error {
	s.stop()
	s.lambda.Close() // the gateway's requests wait for functions
	s.client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	var failed []error
	for _, server := range s.servers {
		if server.Shutdown(ctx) != nil { // a client that neither reads nor goes away
			failed = append(failed, server.Close())
		}
	}
	s.serving.Wait()
	s.handling.Wait()
	s.sqs.Close()
	return errors.Join(failed...)
}

// AWSURL is the endpoint of every AWS service, such as http://127.0.0.1:4566.
func (s *Server) AWSURL() string { return s.awsURL }

// APIURL is the API gateway's address.
func (s *Server) APIURL() string { return s.apiURL }

// Now is the Server's time.
func (s *Server) Now() time.Time { return s.clock.Now() }

// Advance moves the Server's time forward, so that what takes time happens now. Signatures are checked by the machine's time.
func (s *Server) Advance(d time.Duration) { s.clock.Advance(d) }

// Inject makes calls go wrong, until remove.
func (s *Server) Inject(f Fault) (remove func()) { return s.faults.add(f) }

// OnCall has every call of the AWS endpoint told to f, from several goroutines at once, until remove.
func (s *Server) OnCall(f func(Call)) (remove func()) { return s.calls.add(f) }

// Config configures SDK clients to call this Server with the Options' access key.
func (s *Server) Config() aws.Config { return s.ConfigFor(s.opts.AccessKeyID) }

// ConfigFor is Config with another access key, which becomes known by it: calls then tell by whom they were made.
func (s *Server) ConfigFor(accessKeyID string) aws.Config {
	return aws.Config{
		Region:       s.opts.Region,
		BaseEndpoint: aws.String(s.awsURL),
		Credentials:  credentials.NewStaticCredentialsProvider(accessKeyID, s.keys.Secret(accessKeyID), ""),
		HTTPClient:   s.client,
	}
}
