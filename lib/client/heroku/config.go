package heroku

import (
	"context"
	"time"
)

// defaultURL is where Heroku's Platform API is.
const defaultURL = "https://api.heroku.com"

// Config says where Heroku's Platform API is and who calls it.
type Config struct {
	URL string // empty: https://api.heroku.com
	Key string // as `heroku auth:token` prints it

	// Pause returns nil after a time, or the context's error if that comes first; nil: by a timer.
	Pause func(context.Context, time.Duration) error
	// TryTimeout bounds one try of a call; zero: 30 seconds.
	TryTimeout time.Duration
}

// FromEnvironment is the Config that the Heroku CLI's own variables and files describe: the address in HEROKU_API_URL, and the key in
// HEROKU_API_KEY or in .netrc. lookup is os.LookupEnv, or stands for it. Without a key the error is ErrNoKey.
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
