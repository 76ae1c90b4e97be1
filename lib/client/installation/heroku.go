package installation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"syscall"
	"time"

	"heroku-drains/lib/client/heroku"
	"heroku-drains/lib/stack"
)

// infoTimeout limits how long the local system may take to say what it runs, which it does from memory.
const infoTimeout = 3 * time.Second

// Heroku returns a client of Heroku's API, or nil if Heroku is skipped. Without a key, the error is heroku.ErrNoKey. The local system has a
// Heroku if HEROKU_API_URL names one, or if it runs a fake one.
func (i *Installation) Heroku(ctx context.Context) (*heroku.Client, error) {
	if i.opts.WithoutHeroku {
		return nil, nil
	}
	config, err := i.herokuConfig(ctx)
	if config == nil || err != nil {
		return nil, err
	}
	config.Pause = i.opts.Wait
	return heroku.New(*config)
}

// NeedsHerokuKey reports whether Heroku is not skipped, but there is no key for it, as far as that is known without waiting.
func (i *Installation) NeedsHerokuKey() bool {
	if url, _ := i.opts.LookupEnv("HEROKU_API_URL"); i.opts.WithoutHeroku || i.IsLocal() && url == "" {
		return false
	}
	_, err := heroku.FromEnvironment(i.opts.LookupEnv)
	return errors.Is(err, heroku.ErrNoKey) && !heroku.MayHaveCLIKey(i.opts.LookupEnv)
}

// herokuConfig returns where Heroku is, or nil if it cannot reach the local system.
func (i *Installation) herokuConfig(ctx context.Context) (*heroku.Config, error) {
	if url, _ := i.opts.LookupEnv("HEROKU_API_URL"); !i.IsLocal() || url != "" {
		config, err := heroku.FromEnvironmentOrCLI(ctx, i.opts.LookupEnv)
		return &config, err
	}
	info, err := i.localInfo(ctx)
	if info.HerokuURL == "" || err != nil {
		return nil, err
	}
	return &heroku.Config{URL: info.HerokuURL, Key: stack.LocalHerokuKey}, nil
}

// HerokuUnreachable reports whether Heroku is skipped because it cannot reach the local system, and there is no Heroku beside it.
func (i *Installation) HerokuUnreachable(ctx context.Context) bool {
	if url, _ := i.opts.LookupEnv("HEROKU_API_URL"); !i.IsLocal() || url != "" {
		return false
	}
	info, err := i.localInfo(ctx)
	return err == nil && info.HerokuURL == ""
}

// localInfo returns what the local system runs besides AWS. That is nothing if no system listens there: the next call to it fails, and says so
// better.
func (i *Installation) localInfo(ctx context.Context) (stack.LocalInfo, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.info == nil {
		info, err := readLocalInfo(ctx, *i.opts.Local)
		if err != nil {
			return info, fmt.Errorf("ask the local system at %s for its Heroku: %w", i.opts.Local.AWSURL, err)
		}
		i.info = &info
	}
	return *i.info, nil
}

func readLocalInfo(ctx context.Context, local Local) (info stack.LocalInfo, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, infoTimeout, fmt.Errorf("no response within %s", infoTimeout))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, local.AWSURL+stack.LocalInfoPath, nil)
	if err != nil {
		return info, nil // the URL is invalid
	}
	resp, err := newLocalClient(local).Do(req)
	if _, foreign := errors.AsType[*ForeignError](err); foreign || errors.Is(err, syscall.ECONNREFUSED) {
		return info, nil
	}
	if err != nil {
		if ctx.Err() != nil {
			return info, context.Cause(ctx)
		}
		return info, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK { // an older version, or a system without a document
		return info, nil
	}
	return info, json.NewDecoder(resp.Body).Decode(&info)
}
