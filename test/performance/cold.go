package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/clock"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/logplex"
	"heroku-drains/lib/stack"
)

const (
	// coldName is what --only must match for the first line to be measured.
	coldName = "cold"
	// coldPosts is how many POSTs are sent to functions that have just been ended, and how many to those that run.
	coldPosts = 15
	// callDelay is how long each call of AWS takes besides the work.
	callDelay = 10 * time.Millisecond
)

// lineTimes is what a POST of one line takes: the medians.
type lineTimes struct {
	name             string
	answered, stored time.Duration // from when it is sent
	post, batch      [][]string    // the calls of the drains function, and of the storage function, those at the same time together
}

// measureLines runs the functions of a module on the embedded AWS, and sends POSTs of one line to those that do not run yet, and to those that do.
func measureLines(ctx context.Context, name, module string) ([]lineTimes, error) {
	dir, err := os.MkdirTemp("", "performance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binaries := map[string]string{}
	for _, source := range []string{stack.DrainsSource, stack.StorageSource, stack.AlertsSource} {
		binaries[source] = filepath.Join(dir, source)
		if err := goBuild(ctx, module, binaries[source], "functions/"+source); err != nil {
			return nil, err
		}
	}
	key, err := newOldKey()
	if err != nil {
		return nil, err
	}
	defer key.server.Close()
	wrapped := binaries[stack.DrainsSource] + "-with-old-key"
	if err := key.wrap(wrapped, binaries[stack.DrainsSource]); err != nil {
		return nil, err
	}
	binaries[stack.DrainsSource] = wrapped
	system, err := local.Start(ctx, local.Options{Binaries: binaries})
	if err != nil {
		return nil, err
	}
	defer system.Close()
	if err := key.before(system.AWS.AWSURL()); err != nil {
		return nil, err
	}
	url, err := activeDrain(ctx, system.AWS)
	if err != nil {
		return nil, err
	}
	calls := watchCalls(system.AWS)
	for _, service := range []string{"sqs", "logs", "secretsmanager"} {
		system.AWS.Inject(awslocal.Fault{Service: service, Delay: callDelay})
	}
	var all []lineTimes
	for _, temperature := range []string{"cold", "warm"} {
		t := lineTimes{name: name + temperature}
		var answered, stored []time.Duration
		for i := range coldPosts {
			if temperature == "cold" {
				for _, function := range []string{stack.LocalDrainsFunction, stack.LocalStorageFunction} {
					if _, err := system.AWS.KillFunction(function); err != nil {
						return nil, err
					}
				}
			}
			calls.reset()
			begin := time.Now()
			if err := postLine(ctx, url, i); err != nil {
				return nil, err
			}
			answer := time.Now()
			answered = append(answered, answer.Sub(begin))
			select {
			case at := <-calls.stored:
				stored = append(stored, at.Sub(begin))
			case <-time.After(time.Minute):
				return nil, errors.New("a line was not stored within a minute")
			}
			t.post, t.batch = calls.steps(stack.LocalDrainsFunction, answer), calls.steps(stack.LocalStorageFunction, time.Now())
		}
		t.answered, t.stored = median(answered), median(stored)
		all = append(all, t)
	}
	return all, nil
}

// activeDrain creates a drain, and returns its URL when it is active.
func activeDrain(ctx context.Context, server *awslocal.Server) (url string, err error) {
	cfg := server.ObserverConfig()
	api, err := apiclient.New(apiclient.Config{URL: server.APIURL(), Region: cfg.Region, Credentials: cfg.Credentials})
	if err != nil {
		return "", err
	}
	made, _, err := api.Put(ctx, app, drain.Patch{Format: aws.String("text")})
	if err != nil {
		return "", err
	}
	for made.State != drain.Active {
		if err := clock.Sleep(ctx, 10*time.Millisecond); err != nil {
			return "", err
		}
		url := made.DrainURL
		if made, err = api.Get(ctx, app); err != nil {
			return "", err
		}
		made.DrainURL = url
	}
	return made.DrainURL, nil
}

// postLine sends a POST of one line, as Logplex does.
func postLine(ctx context.Context, url string, number int) error {
	line := logplex.Line{
		Priority: logplex.PriorityDyno, Time: time.Now(), Source: []byte("app"), Process: []byte("web.1"), Message: fmt.Appendf(nil, "line %d", number), Newline: true,
	}
	body := logplex.AppendFrame(nil, logplex.AppendLine(nil, line))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	password, _ := r.URL.User.Password()
	r.Header = http.Header{
		"Content-Type": {"application/logplex-1"}, "Logplex-Msg-Count": {"1"}, "Logplex-Drain-Token": {drainToken}, "User-Agent": {"Logplex/v73"},
		"Logplex-Frame-Id": {fmt.Sprintf("%032X", time.Now().UnixNano())},
		"Authorization":    {"Basic " + base64.StdEncoding.EncodeToString([]byte(r.URL.User.Username()+":"+password))},
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the POST was answered with %s", answer.Status)
	}
	return nil
}

// lineTable returns what the first line takes.
func lineTable(times []lineTimes) table {
	rows := [][]string{{"functions", "POST answered", "line stored", "calls in a row of the drains function", "calls in a row of the storage function"}}
	for _, t := range times {
		rows = append(rows, []string{t.name, milliseconds(t.answered), milliseconds(t.stored), inARow(t.post), inARow(t.batch)})
	}
	return table{coldName, markdown(rows)}
}

// inARow returns calls as text, with their number in a row.
func inARow(steps [][]string) string {
	var texts []string
	for _, step := range steps {
		text := step[0]
		if len(step) > 1 {
			text = fmt.Sprintf("%d × %s", len(step), step[0])
		}
		texts = append(texts, text)
	}
	return fmt.Sprintf("%d: %s", len(steps), strings.Join(texts, ", "))
}
