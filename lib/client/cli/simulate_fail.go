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
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/stack"
)

// startFailures makes the running local system fail as --fail says, until stop is called or ctx ends.
func (c *simulateCmd) startFailures(ctx context.Context, s *session) (stop func(), err error) {
	if len(c.Fail) == 0 {
		return func() {}, nil
	}
	if !s.flags.Local {
		return nil, usagef("--fail needs --local: it makes the local system fail")
	}
	var faults []awslocal.Fault
	for _, f := range c.Fail {
		faults = append(faults, f.Fault)
	}
	ctx, stop = context.WithCancel(ctx)
	if err := injectFaults(ctx, s.flags.LocalAWSURL, faults); err != nil {
		stop()
		return nil, fmt.Errorf("make the local system fail: %w", err)
	}
	for _, f := range c.Fail {
		f.explain(s)
	}
	return stop, nil
}

// injectFaults injects faults into the local system with an AWS endpoint, until ctx ends.
func injectFaults(ctx context.Context, url string, faults []awslocal.Fault) error {
	body, err := json.Marshal(faults)
	if err != nil {
		return fmt.Errorf("encode the faults: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+awslocal.FaultsPath, bytes.NewReader(body))
	if err != nil {
		return err
	}
	key := aws.Credentials{AccessKeyID: stack.LocalAccessKey, SecretAccessKey: stack.LocalAccessKey}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, key, r, hex.EncodeToString(sum[:]), awslocal.FaultsService, stack.LocalRegion, time.Now()); err != nil {
		return fmt.Errorf("sign the request: %w", err)
	}
	res, err := http.DefaultClient.Do(r) // its body stays open: the faults last as long
	if err != nil {
		return err
	}
	switch {
	case res.Header.Get("Server") != awslocal.ServerName:
		err = errors.New("another program listens there")
	case res.StatusCode == http.StatusNotFound:
		err = errors.New("its version does not know --fail: restart it")
	case res.StatusCode != http.StatusOK:
		err = fmt.Errorf("it answers %s", res.Status)
	default:
		return nil
	}
	return errors.Join(err, res.Body.Close())
}
