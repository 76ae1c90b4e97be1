package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// countsTimeout limits how long the counts of faults are waited for.
const countsTimeout = 5 * time.Second

// checkFailures returns an error if --fail cannot be used like this.
func (c *simulateCmd) checkFailures(s *session) error {
	for _, f := range c.Fail {
		switch {
		case !s.flags.Local:
			return usagef("--fail needs --local: it makes the local system fail")
		case f.set != nil:
			return usagef("--fail %s: a local system can have this only from its start: %s", f.text, s.command("local --fail %s", f.text))
		}
	}
	return nil
}

// startFailures makes the running local system fail as --fail says, until stop is called. stop says how many calls each fault applied to.
func (c *simulateCmd) startFailures(ctx context.Context, s *session) (stop func(), err error) {
	if len(c.Fail) == 0 {
		return func() {}, nil
	}
	s.checkAppsOf(ctx, c.Fail)
	var faults []awslocal.Fault
	for _, f := range c.Fail {
		faults = append(faults, f.Fault)
	}
	faulty, end := context.WithCancel(context.WithoutCancel(ctx)) // the counts of an interrupted run are of interest, too
	started := context.AfterFunc(ctx, end)
	counts, err := injectFaults(faulty, s.flags.LocalAWSURL, faults)
	started()
	if err != nil {
		end()
		return nil, fmt.Errorf("make the local system fail: %w", err)
	}
	for _, f := range c.Fail {
		f.explain(s)
	}
	return func() {
		defer end()
		var met []int
		if counts == "" || readCounts(faulty, counts, &met) != nil || len(met) != len(c.Fail) {
			return
		}
		for i, f := range c.Fail {
			f.tellMet(s, met[i])
		}
		instead := ""
		if c.Lines != nil {
			instead = " instead of --lines"
		}
		if c.Duration == 0 && c.Scenario == nil && slices.Contains(met, 0) {
			s.Note("Faults last while lines are sent: try --duration 1m%s.", instead)
		}
	}, nil
}

// readCounts reads how many calls the faults applied to.
func readCounts(ctx context.Context, url string, met *[]int) error {
	ctx, stop := context.WithTimeout(ctx, countsTimeout)
	defer stop()
	res, err := ownersRequest(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
	}
	return json.NewDecoder(res.Body).Decode(met)
}

// injectFaults injects faults into the local system with an AWS endpoint, until ctx ends. It returns the URL of their counts, which is empty if the
// system is of a version that does not count.
func injectFaults(ctx context.Context, url string, faults []awslocal.Fault) (counts string, err error) {
	body, err := json.Marshal(faults)
	if err != nil {
		return "", fmt.Errorf("encode the faults: %w", err)
	}
	res, err := ownersRequest(ctx, http.MethodPost, url+awslocal.FaultsPath, body)
	if err != nil {
		return "", err
	}
	switch path := res.Header.Get(awslocal.FaultsHeader); {
	case res.Header.Get("Server") != awslocal.ServerName:
		err = errors.New("another program listens there")
	case res.StatusCode == http.StatusNotFound:
		err = errors.New("its version does not know --fail: restart it")
	case res.StatusCode != http.StatusOK:
		err = fmt.Errorf("it answers %s", res.Status)
	case path == "":
		return "", nil
	default:
		return url + path, nil // the response's body stays open: the faults last as long
	}
	return "", errors.Join(err, res.Body.Close())
}

// ownersRequest makes a request to the AWS endpoint of a local system, signed with the system's own key.
func ownersRequest(ctx context.Context, method, url string, body []byte) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	key := aws.Credentials{AccessKeyID: stack.LocalAccessKey, SecretAccessKey: stack.LocalAccessKey}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, key, r, hex.EncodeToString(sum[:]), awslocal.FaultsService, stack.LocalRegion, time.Now()); err != nil {
		return nil, fmt.Errorf("sign the request: %w", err)
	}
	return http.DefaultClient.Do(r)
}
