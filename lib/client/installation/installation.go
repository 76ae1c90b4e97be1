// Package installation finds the parts of the system that a command works on: the AWS configuration, the stack's outputs, the drains API, the
// Heroku account and the dead letters, of a deployed stack or of the local system. It knows no flags and no terminal.
package installation

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/stack"
)

// Options says which installation to use.
type Options struct {
	Local   *Local // the local system; nil: a stack on AWS
	APIURL  string // the drains API, instead of reading it from the stack; empty: the stack's
	Stack   string // the stack's name
	Region  string // empty: the SDK's default
	Profile string // of the AWS configuration files; empty: the SDK's default

	WithoutHeroku bool
	LookupEnv     func(string) (string, bool)                // os.LookupEnv
	Wait          func(context.Context, time.Duration) error // clock.Sleep
}

// Local is where the local system listens.
type Local struct {
	APIURL, AWSURL string
	Server         string // the Server header of its answers, which tells it from another program on the same port
}

// Installation is a deployed stack, or the local system. What it has found out it keeps. It is safe for concurrent use.
type Installation struct {
	opts Options

	mu       sync.Mutex
	config   *aws.Config
	deployed *stack.Outputs
}

// New returns an Installation. It calls nobody.
func New(opts Options) *Installation { return &Installation{opts: opts} }

// IsLocal reports whether it is the local system.
func (i *Installation) IsLocal() bool { return i.opts.Local != nil }
