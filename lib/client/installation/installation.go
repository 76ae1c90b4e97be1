// Package installation finds the parts of the system that a command works on: the AWS configuration, the stack's outputs, the drains API, the
// Heroku account and the dead letters, of a deployed stack or of the local system. It does not depend on flags or a terminal.
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
	APIURL  string // the drains API's URL; empty: read it from the stack
	Stack   string // the stack's name
	Region  string // empty: the SDK's default
	Profile string // of the AWS configuration files; empty: the SDK's default

	WithoutHeroku bool
	LookupEnv     func(string) (string, bool)                // os.LookupEnv
	Wait          func(context.Context, time.Duration) error // clock.Sleep

	// Command returns a command line of the CLI, in backticks, for errors; nil: the CLI's usual name, without the flags that select the installation.
	Command func(format string, args ...any) string
}

// Local is where the local system listens.
type Local struct {
	APIURL, AWSURL string
	Server         string // the Server header of its responses, which distinguishes it from another program on the same port
}

// Installation is a deployed stack, or the local system. It caches what it finds. It is safe for concurrent use.
type Installation struct {
	opts Options

	mu       sync.Mutex
	config   *aws.Config
	deployed *stack.Outputs
	info     *stack.LocalInfo
}

// New returns an Installation. It makes no calls.
func New(opts Options) *Installation { return &Installation{opts: opts} }

// IsLocal reports whether the installation is the local system.
func (i *Installation) IsLocal() bool { return i.opts.Local != nil }
