package awslocal

import (
	"log/slog"
	"time"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// Options configures a Server. With the zero value, the Server listens on free ports of 127.0.0.1.
type Options struct {
	APIAddr         string // the API gateway's address; default 127.0.0.1:0
	AWSAddr         string // the AWS endpoint's address; default 127.0.0.1:0
	Region          string // default us-east-1
	AccountID       string // default 000000000000
	AccessKeyID     string // default local
	SecretAccessKey string // default local
	// TransitionTime is how long an event source mapping or a table stays in a state such as Creating, Updating or Deleting. By default, only the
	// response of the call that makes the change shows that state.
	TransitionTime time.Duration
	Lag            Lag
	// QueryTime is how long a query of Logs Insights takes. Default: a second, which is what AWS usually takes at least.
	QueryTime time.Duration
	// Concurrency is how many invocations all functions may run at a time: AWS's default is 1,000, but some new accounts have 10.
	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	Concurrency int
	// Throttle makes calls fail that exceed AWS's request rates: see Rates.
	Throttle Throttle
	// Seed chooses which calls a Fault with a Rate is for. The same calls in the same order, with the same seed, fail in the same places.
	Seed uint64
	// Record is a folder in which the Server creates a file with all calls that it answers, as lines of JSON: see RecordedCall. A Server with a Lag or
	// a Throttle records nothing: its answers depend on the time.
	Record string
	// Data is a folder that keeps the state, so that a later Server can go on with it. Without it, everything is in memory alone.
	Data   string
	Logger *slog.Logger // default: discards everything
}

func (o Options) withDefaults() Options {
	setDefault(&o.APIAddr, "127.0.0.1:0")
	setDefault(&o.AWSAddr, "127.0.0.1:0")
	setDefault(&o.Region, "us-east-1")
	setDefault(&o.AccountID, "000000000000")
	setDefault(&o.AccessKeyID, "local")
	setDefault(&o.SecretAccessKey, "local")
	if o.QueryTime == 0 {
		o.QueryTime = time.Second
	}
	if o.Concurrency == 0 {
		o.Concurrency = 1000
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

func (o Options) account() awsapi.Account { return awsapi.Account{ID: o.AccountID, Region: o.Region} }

func setDefault(field *string, value string) {
	if *field == "" {
		*field = value
	}
}
