package heroku

import (
	"context"
	"errors"
	"time"
)

// defaultURL is the URL of Heroku's Platform API.
const (
	defaultHost = "api.heroku.com"
	defaultURL  = "https://" + defaultHost
)

// Config configures a Client.
type Config struct {
	URL string // of the Platform API; empty for https://api.heroku.com
	Key string // as `heroku auth:token` prints it

	// Pause waits for a duration, or until the context ends, whose error it then returns. If nil, clock.Sleep is used.
	Pause func(context.Context, time.Duration) error
	// TryTimeout limits one try of a call. If zero, it is 30 seconds.
	TryTimeout time.Duration
}

// FromEnvironmentOrCLI is like FromEnvironment, but if there is no key, and the API is Heroku's own, it asks the Heroku CLI for one. That takes
// a second or two.
func FromEnvironmentOrCLI(ctx context.Context, lookup func(string) (string, bool)) (Config, error) {
	config, err := FromEnvironment(lookup)
	if !errors.Is(err, ErrNoKey) || !MayHaveCLIKey(lookup) {
		return config, err
	}
	key := cliKey(ctx)
	if key == "" {
		return Config{}, err
	}
	return Config{Key: key}, nil
}

// FromEnvironment returns the Config in the environment variables and files of the Heroku CLI: the URL from HEROKU_API_URL, and the key from
// HEROKU_API_KEY or .netrc. Variables are read with lookup, usually os.LookupEnv. Without a key, it fails with ErrNoKey.
func FromEnvironment(lookup func(string) (string, bool)) (Config, error) {
	env := environment(lookup)
	config := Config{URL: env.get("HEROKU_API_URL")}
	base, err := config.base()
	if err != nil {
		return Config{}, err
	}
	config.Key, err = env.key(base.Hostname())
	if err != nil {
		return Config{}, err
	}
	return config, nil
}
