package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/connect"
	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/local/herokufake"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// steps is a Progress that keeps what it is told.
type steps []string

func (s *steps) Step(format string, args ...any) { *s = append(*s, fmt.Sprintf(format, args...)) }

// optionsFor returns options to examine a local system and its fake Heroku.
func optionsFor(t *testing.T, f *clienttest.Fixture, key string) Options {
	t.Helper()
	client, err := heroku.New(heroku.Config{URL: f.HerokuFake.URL(), Key: key, Pause: f.Wait})
	localtest.Must(t, err)
	return Options{
		Local: true, Start: "`cli local`", Command: commandOf("cli"),
		AWS:     func(context.Context) (aws.Config, error) { return f.System.AWS.Config(), nil },
		Outputs: stack.LocalOutputs(f.System.AWS.APIURL(), f.System.AWS.AWSURL()),
		Heroku:  client,
		Connect: func(_ context.Context, client *heroku.Client) (Drains, error) {
			sides := &installation.Sides{Connector: new(*f.Connector), Account: client}
			if client == nil {
				sides.Connector.Heroku = nil
			}
			return sides, nil
		},
	}
}

func TestExamineChecksBothSides(t *testing.T) {
	f := clienttest.Start(t, clienttest.Options{})
	for _, app := range []string{"shop", "blog"} {
		_, err := f.Put(t.Context(), f.AddApp(app), connect.PutOptions{SkipVerify: true})
		localtest.Must(t, err)
	}
	localtest.Must(t, f.Heroku.RemoveDrain(t.Context(), "blog", f.OurDrains("blog")[0].ID))
	const (
		missing = "error|heroku|blog|Heroku does not send the app's lines here|`cli put -a blog` adds the log drain"
		local   = "note|throttling||throttling was not checked: a local system has no metrics of functions|"
	)
	opts := optionsFor(t, f, herokufake.DefaultKey)
	var progress steps
	d := Examine(t.Context(), opts, &progress)
	want(t, d.Findings, missing, local)
	if d.Drains != 2 || d.ProbeTime != 0 || !strings.HasPrefix(d.Identity, "arn:aws:iam::") || d.Healthy() {
		t.Errorf("diagnosis %+v", d)
	}
	if diff := cmp.Diff(steps{"Checking 2 drains…"}, progress); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}

	opts.App = "shop"
	d = Examine(t.Context(), opts, &progress)
	want(t, d.Findings, local)
	if d.Drains != 1 || d.ProbeTime <= 0 || !d.Healthy() {
		t.Errorf("with an app: diagnosis %+v", d)
	}
}

func TestExamineWithoutHerokuChecksAWS(t *testing.T) {
	f := clienttest.Start(t, clienttest.Options{})
	_, err := f.Put(t.Context(), f.AddApp("shop"), connect.PutOptions{SkipVerify: true})
	localtest.Must(t, err)
	for _, tt := range []struct {
		reason error // nil: the key is wrong
		want   string
	}{
		{ErrHerokuUnreachable, "note|Heroku was not checked: it cannot reach a local system|"},
		{ErrHerokuExcluded, "note|Heroku was not checked: --no-heroku was given|run doctor without --no-heroku"},
		{fmt.Errorf("read: %w", heroku.ErrNoKey), "note|Heroku was not checked: no Heroku API key was found|" +
			"run `heroku login`, then `export HEROKU_API_KEY=$(heroku auth:token)`"},
		{errors.New("broken .netrc"), "error|Heroku was not checked: broken .netrc|" + herokuFix},
		{nil, "error|Heroku was not checked: …|" + herokuFix},
	} {
		opts := optionsFor(t, f, "wrong")
		if tt.reason != nil {
			opts.Heroku, opts.NoHeroku = nil, tt.reason
		}
		d := Examine(t.Context(), opts, new(steps))
		if d.Drains != 1 {
			t.Errorf("%v: %d drains were checked, want 1", tt.reason, d.Drains)
		}
		var got []string
		for _, finding := range d.Findings {
			if finding.Check != CheckHeroku {
				continue
			}
			if tt.reason == nil {
				finding.What = "Heroku was not checked: …"
			}
			got = append(got, fmt.Sprintf("%s|%s|%s", finding.Severity, finding.What, finding.Fix))
		}
		if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
			t.Errorf("%v: findings about Heroku (-want +got):\n%s", tt.reason, diff)
		}
	}
}

func TestExamineStopsWhereNothingCanBeChecked(t *testing.T) {
	f := clienttest.Start(t, clienttest.Options{})
	opts := optionsFor(t, f, herokufake.DefaultKey)
	connect := opts.Connect
	opts.Connect = func(context.Context, *heroku.Client) (Drains, error) { return nil, errors.New("no route to host") }
	d := Examine(t.Context(), opts, new(steps))
	want(t, d.Findings, "error|api||call the drains API: no route to host|"+examiner{Options: opts}.startFix())

	opts.Connect = func(ctx context.Context, client *heroku.Client) (Drains, error) {
		t.Error("the drains were examined")
		return connect(ctx, client)
	}
	opts.Outputs = stack.Outputs{}
	want(t, Examine(t.Context(), opts, new(steps)).Findings)
	opts.AWS = func(context.Context) (aws.Config, error) { return aws.Config{}, installation.ErrNoRegion }
	want(t, Examine(t.Context(), opts, new(steps)).Findings, "error|credentials||no AWS Region is set|"+
		"set credentials and a Region with `aws configure`, or choose them with --profile and --region")
}

func TestExamineSendsNoTestLineToAnInactiveDrain(t *testing.T) {
	f := clienttest.Start(t, clienttest.Options{})
	_, err := f.Put(t.Context(), f.AddApp("shop"), connect.PutOptions{SkipVerify: true})
	localtest.Must(t, err)
	opts := optionsFor(t, f, herokufake.DefaultKey)
	opts.App = "shop"
	conn, err := f.Inspect(t.Context(), "shop")
	localtest.Must(t, err)
	conn.State = "disabled"
	took, findings := examiner{Options: opts}.test(t.Context(), nil, conn)
	want(t, findings, "note|probe|shop|no test line was sent: the drain's state is disabled, not active|`cli put -a shop` makes it active")
	if took != 0 {
		t.Errorf("took %s", took)
	}
}

func TestFindingsAreSortedBySeverity(t *testing.T) {
	var d Diagnosis
	d.add(Finding{Severity: Note, What: "1"}, Finding{Severity: Error, What: "2"}, Finding{Severity: Warning, What: "3"}, Finding{Severity: Error, What: "4"})
	d.sort()
	var got []string
	for _, finding := range d.Findings {
		got = append(got, finding.What)
	}
	if diff := cmp.Diff([]string{"2", "4", "3", "1"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
