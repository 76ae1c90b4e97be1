package cli_test

import (
	"context"
	"os"
	"os/signal"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/rogpeppe/go-internal/testscript"

	"heroku-drains/lib/client/cli"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/stack"
)

// TestMain makes this test binary the program, too: scripts run it as heroku-drains-cli.
func TestMain(m *testing.M) {
	testscript.Main(withPrograms{m}, map[string]func(){
		"heroku-drains-cli": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			defer stop()
			os.Exit(cli.Main(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
		},
		"hurried-cli": func() {
			os.Exit(cli.MainThatWaits(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, hurry))
		},
	})
}

// hurry is the waiting of hurried-cli: the program for scripts that have no minute to spare.
func hurry(ctx context.Context, d time.Duration) error {
	return clock.Sleep(ctx, min(d, 10*time.Millisecond))
}

// systemKey is where a script finds its system.
type systemKey struct{}

// TestScripts runs testdata/script. Each script has a local system of its own, which --local uses, and a fake Heroku of its own, which it uses
// by setting HEROKU_API_URL=$FAKE_URL and HEROKU_API_KEY=$FAKE_KEY. In addition to testscript's commands there are `stored app n`, which waits
// until an app has n stored lines, `settled app n`, which does so for a log group that only queries can read, `advance duration`, which advances the
// system's clock, `published n`, which waits until the alerts topic has published n notifications and fails if there are more, `dead-letter app
// line...`, which makes a dead letter, and `heroku`, which changes the fake Heroku.
func TestScripts(t *testing.T) { runScripts(t, "testdata/script", local.Options{}) }

// TestScriptsInfrequentAccess runs the scripts for a log group of that class, which can be read only with queries of Logs Insights.
func TestScriptsInfrequentAccess(t *testing.T) {
	runScripts(t, "testdata/script/infrequent", local.Options{LogClass: types.LogGroupClassInfrequentAccess})
}

// runScripts runs the scripts of a folder, beside other tests: those for Infrequent Access wait most of the time.
func runScripts(t *testing.T, dir string, opts local.Options) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			system, err := local.Start(context.Background(), opts)
			if err != nil {
				return err
			}
			env.Defer(func() { _ = system.Close() })
			env.Values[systemKey{}] = system
			env.Values[publishedKey{}] = listen(system)
			env.Setenv("HEROKU_DRAINS_LOCAL_API_URL", system.AWS.APIURL())
			env.Setenv("HEROKU_DRAINS_LOCAL_AWS_URL", system.AWS.AWSURL())
			fake, err := herokufake.Start(herokufake.Options{})
			if err != nil {
				return err
			}
			env.Defer(fake.Close)
			env.Values[herokuKey{}] = fake
			env.Values[refusalsKey{}] = &refusals{}
			env.Setenv("FAKE_URL", fake.URL())
			env.Setenv("FAKE_KEY", herokufake.DefaultKey)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"stored":      stored,
			"settled":     settled,
			"advance":     advance,
			"published":   published,
			"heroku":      herokuCommand,
			"dead-letter": deadLetterCommand,
		},
	})
}

// storeTime is how long lines may take to be stored on a busy machine.
const storeTime = 2 * time.Minute

func stored(ts *testscript.TestScript, _ bool, args []string) {
	system := ts.Value(systemKey{}).(*local.System)
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	client := cloudwatchlogs.NewFromConfig(system.AWS.Config())
	ctx, cancel := context.WithTimeout(context.Background(), storeTime)
	defer cancel()
	for {
		events := 0
		pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, &cloudwatchlogs.FilterLogEventsInput{
			LogGroupName: aws.String(stack.DefaultLogGroup), LogStreamNames: []string{"[APP]" + args[0]},
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				ts.Fatalf("%s has %d lines, not %d: %v", args[0], events, want, err)
			}
			events += len(page.Events)
		}
		if events >= want {
			return
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

func advance(ts *testscript.TestScript, _ bool, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	ts.Value(systemKey{}).(*local.System).AWS.Advance(d)
}

// settled waits as stored does, with queries, and lets the time pass after which queries find what is stored.
func settled(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	system := ts.Value(systemKey{}).(*local.System)
	client := cloudwatchlogs.NewFromConfig(system.AWS.Config())
	ctx, cancel := context.WithTimeout(context.Background(), storeTime)
	defer cancel()
	for found := -1; found < want; {
		query, err := client.StartQuery(ctx, &cloudwatchlogs.StartQueryInput{
			LogGroupName: aws.String(stack.DefaultLogGroup), StartTime: aws.Int64(0), EndTime: aws.Int64(time.Now().Add(time.Hour).Unix()),
			QueryString: aws.String(`filter @logStream = "[APP]` + args[0] + `"`),
		})
		ts.Check(err)
		system.AWS.Advance(2 * time.Second)
		out, err := client.GetQueryResults(ctx, &cloudwatchlogs.GetQueryResultsInput{QueryId: query.QueryId})
		ts.Check(err)
		found = len(out.Results)
		ts.Check(clock.Sleep(ctx, 10*time.Millisecond))
	}
}
