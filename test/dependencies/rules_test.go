// Package dependencies_test checks which package imports which: the rules of docs/architecture.md. Tests may import what they like.
package dependencies_test

import "slices"

// rule says what the packages that match from may import besides the standard library. A pattern that ends in /... also matches the packages
// below.
type rule struct {
	from    string
	ours    []string // packages of this module
	modules []string // packages of other modules
	never   []string // exceptions from the above and from the standard library
	why     string
}

const (
	anyModule = "..."
	lambdaGo  = "github.com/aws/aws-lambda-go/..."
	sdk       = "github.com/aws/aws-sdk-go-v2/..."
	smithy    = "github.com/aws/smithy-go/..."
	cbor      = "github.com/aws/smithy-go/encoding/cbor" // the protocol of CloudWatch
	errgroup  = "golang.org/x/sync/errgroup"
	lru       = "github.com/hashicorp/golang-lru/v2/..."
	env       = "github.com/caarlos0/env/v11"
)

const sharedRule = "a shared package needs only the standard library, the shared packages below it, and the small modules that its rule names: no AWS, no HTTP"

// shared are the packages that all sides share: the formats and names that one side writes and another reads.
var shared = []string{
	"lib/alert", "lib/clock", "lib/cost", "lib/credential", "lib/drain", "lib/envelope", "lib/insights", "lib/ledger", "lib/logformat", "lib/logplex", "lib/stack", "lib/strictjson",
}

// rules are all rules, of which the first that matches a package applies to it.
var rules = []rule{
	// The shared packages, each with what it needs.
	{from: "lib/clock", never: noHTTP, why: sharedRule},
	{from: "lib/cost", ours: []string{"lib/credential", "lib/drain", "lib/stack"}, never: noHTTP, why: sharedRule},
	{from: "lib/credential", never: noHTTP, why: sharedRule},
	{from: "lib/drain", never: noHTTP, why: sharedRule},
	{from: "lib/insights", never: noHTTP, why: sharedRule},
	{from: "lib/ledger", never: noHTTP, why: sharedRule},
	{from: "lib/logplex", never: noHTTP, why: sharedRule},
	{from: "lib/strictjson", never: noHTTP, why: sharedRule},
	{from: "lib/logplex/logplextest", ours: []string{"lib/logplex"}, never: noHTTP, why: sharedRule},
	{from: "lib/envelope", ours: []string{"lib/logplex", "lib/strictjson"}, modules: []string{"github.com/klauspost/compress/zstd"}, never: noHTTP, why: sharedRule},
	{from: "lib/logformat", ours: []string{"lib/logplex", "lib/drain", "lib/strictjson"}, never: noHTTP, why: sharedRule},
	{from: "lib/alert", ours: []string{"lib/logformat", "lib/logplex", "lib/drain"}, never: noHTTP, why: sharedRule},
	{
		from: "lib/alert/alertfile", ours: []string{"lib/alert"}, modules: []string{"go.yaml.in/yaml/v3"}, never: noHTTP,
		why: sharedRule + "; the functions have the rules as JSON, so only infra and the client read YAML",
	},
	{from: "lib/stack", ours: []string{"lib/drain"}, modules: []string{env}, never: noHTTP, why: sharedRule},

	// What calls AWS on either side.
	{
		from: "lib/awscall/...", ours: []string{"lib/awscall", "lib/awscall/plaincall"}, modules: []string{sdk, smithy},
		why: "a client with few operations knows the client that it replaces, and nothing of drains",
	},

	// What runs in Lambda.
	{
		from: "functions/heroku-drains", ours: []string{"lib/lambda/drainsfunction", "lib/lambda/memory"}, modules: []string{lambdaGo},
		why: "a function imports only its own wiring, which keeps its binary small",
	},
	{
		from: "functions/heroku-drains-storage", ours: []string{"lib/lambda/storagefunction", "lib/lambda/memory"}, modules: []string{lambdaGo},
		why: "a function imports only its own wiring, which keeps its binary small",
	},
	{
		from: "functions/heroku-drains-alerts", ours: []string{"lib/lambda/alertsfunction", "lib/lambda/memory"}, modules: []string{lambdaGo},
		why: "a function imports only its own wiring, which keeps its binary small",
	},
	{
		from: "lib/lambda/alerting/state", ours: []string{"lib/alert"}, never: noHTTP,
		why: "the state machine of alerts has neither a clock nor AWS, so that a test can put it into any situation",
	},
	{
		from: "lib/lambda/alerting/storm", ours: []string{"lib/alert", "lib/lambda/alerting/state"}, never: noHTTP,
		why: "the state machine of digests has neither a clock nor AWS, so that a test can put it into any situation",
	},
	{
		from: "lib/lambda/alerting/message", ours: []string{"lib/alert", "lib/drain", "lib/stack"}, never: noHTTP,
		why: "what notifications say depends on nothing but the alert",
	},
	{
		from: "lib/lambda/...", ours: with(shared, "lib/awscall/...", "lib/lambda/..."), modules: []string{sdk, smithy, lambdaGo, errgroup, lru, env},
		why: "what runs in Lambda knows the shared packages and AWS, not the client and not the local system; each module makes cold starts slower",
	},

	// What runs on the user's machine.
	{from: "cmd/heroku-drains-cli", ours: []string{"lib/client/cli"}, why: "main only calls cli"},
	{
		from: "lib/client/cli", ours: with(shared, "lib/alert/alertfile", "lib/awscall/...", "lib/client/...", "lib/local/..."), modules: []string{anyModule},
		why: "the client calls the functions over the network and does not link them",
	},
	{
		from: "lib/client/clienttest", ours: with(shared, "lib/client/...", "lib/local/..."), modules: []string{anyModule},
		never: []string{"lib/client/cli", "lib/client/term/..."},
		why:   "a harness links what its users test, not the command line",
	},
	{from: "lib/client/term/...", ours: shared, modules: []string{anyModule}, why: "the terminal knows nothing of drains' workflows"},
	{
		from: "lib/client/console", ours: with(shared, "lib/awscall/...", "lib/client/..."), modules: []string{sdk, errgroup},
		never: []string{"lib/client/cli", "lib/client/term/..."},
		why:   "the page shows what other client packages find, to anybody who asks as it does: it knows no flags, no terminal and no template engine",
	},
	{
		from: "lib/client/...", ours: with(shared, "lib/alert/alertfile", "lib/awscall/...", "lib/client/..."), modules: []string{anyModule},
		never: []string{"lib/client/cli", "lib/client/term/..."},
		why: "a client package knows the shared packages, AWS and Heroku, but not lib/lambda, which it calls over the network, nor the command line and the " +
			"terminal; only cli imports lib/local",
	},

	// AWS on the user's machine.
	{
		from: "lib/local/awslocal/...", ours: []string{"lib/awscall/safeclient", "lib/strictjson", "lib/local/awslocal/..."},
		modules: []string{sdk, lambdaGo, cbor, "github.com/klauspost/compress/zstd"},
		why:     "the embedded AWS knows nothing of drains, like the real one",
	},
	{from: "lib/local/herokufake", ours: []string{"lib/clock"}, why: "the fake Heroku knows nothing of drains on AWS, like the real one"},
	{
		from: "lib/local/...", ours: with(shared, "lib/lambda/...", "lib/local/..."), modules: []string{sdk, lambdaGo},
		why: "the local system runs the functions and knows nothing of the client",
	},

	// What is deployed, and the documentation.
	{
		from: "infra/internal/iamtest", ours: []string{"lib/stack", "lib/local/awslocal"},
		why: "the IAM evaluator of infra's tests reads the calls that the embedded AWS records",
	},
	{
		from: "infra", ours: []string{"lib/drain", "lib/stack", "lib/alert", "lib/alert/alertfile", "lib/insights", "lib/ledger"}, modules: []string{anyModule},
		why: "infra knows the names and limits of what it deploys, not the code",
	},
	{
		from: "test/soak",
		ours: with(shared, "lib/client/apiclient", "lib/client/simulate", "lib/local", "lib/local/awslocal", "lib/local/localtest"), modules: []string{sdk},
		why: "a program that tests the whole system uses it from outside, and reads what it stores with code of its own",
	},
	{
		from: "test/moto", ours: []string{"lib/lambda/putevents", "lib/local/awslocal", "lib/local/localtest"}, modules: []string{sdk},
		why: "a program that replays what the embedded AWS has recorded knows nothing of drains",
	},
	{
		from: "test/performance", ours: with(shared, "docs/plot", "lib/client/apiclient", "lib/lambda/...", "lib/local", "lib/local/awslocal"), modules: []string{sdk, lambdaGo, "github.com/heroku/x/logplex/encoding"},
		why: "a program that measures the functions calls them as Lambda does; no other package may use the parser that it compares them with",
	},
	{
		from: "test/performance/byhand", modules: []string{sdk, lambdaGo},
		why: "the function that others are compared with has nothing of this module",
	},
	{from: "docs/plot", never: noHTTP, why: "a plot is drawn of numbers, wherever they come from"},
	{
		from: "docs/costs", ours: with(shared, "docs/plot", "lib/client/simulate"),
		why: "the cost tables are computed from simulated log lines",
	},
	{
		from: "test/faults/lines", modules: []string{"github.com/klauspost/compress/zstd"}, never: noHTTP,
		why: "what must be stored is said by code that shares nothing with the code that stores it",
	},
	{
		from:    "test/faults/matrix",
		ours:    with(shared, "lib/client/apiclient", "lib/client/simulate", "lib/local", "lib/local/awslocal", "test/faults/lines"),
		modules: []string{sdk},
		why:     "the fault matrix runs the binaries of the functions, and links none of their code but that of the local system",
	},
	{from: "test/faults/...", ours: []string{"lib/stack", "test/faults/..."}, why: "the programs only choose rows and print what came of them"},
}

var noHTTP = []string{"net/http/..."}

// reserved are packages that only a few may import, whatever the rules say of these.
var reserved = []struct {
	packages []string
	only     []string
	why      string
}{
	{
		[]string{"lib/local/localtest", "lib/logplex/logplextest", "lib/client/clienttest", "lib/client/term/termtest", "infra/internal/iamtest"},
		[]string{"lib/client/clienttest", "test/soak"},
		"only tests and other test harnesses import a test harness",
	},
	{[]string{"github.com/aws/aws-cdk-go/...", "github.com/aws/constructs-go/...", "github.com/aws/jsii-runtime-go/..."}, []string{"infra"},
		"only infra imports awscdk, which takes a minute to compile"},
	{[]string{"github.com/alecthomas/kong/..."}, []string{"lib/client/cli"}, "only cli knows flags"},
	{[]string{"github.com/briandowns/spinner/...", "github.com/fatih/color/...", "github.com/mattn/go-isatty/..."},
		[]string{"lib/client/cli", "lib/client/term"}, "only cli and term know the terminal"},
}

func with(packages []string, more ...string) []string { return slices.Concat(packages, more) }
