package heroku

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

const (
	// cliName is the Heroku CLI's program.
	cliName = "heroku"
	// cliTime limits how long the Heroku CLI may take to print the key. It is a Node.js program, which starts in a second or two.
	cliTime = 10 * time.Second
	// maxKey is more than the length of a key, which has 65 characters at most.
	// https://devcenter.heroku.com/articles/platform-api-quickstart#authentication
	maxKey = 256
)

// cliKey returns the key that `heroku auth:token` prints, or "" if there is no Heroku CLI, or if it has none. Since version 11.6, the CLI keeps
// the key in the system's keychain; see ErrNoKey.
func cliKey(ctx context.Context) string {
	path, err := exec.LookPath(cliName)
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, cliTime)
	defer cancel()
	command := exec.CommandContext(ctx, path, "auth:token") // without stdin and stderr: it must not ask, and its warnings are not ours
	command.WaitDelay = time.Second                         // a child of a killed script may hold stdout open
	printed, err := command.Output()
	if err != nil {
		return ""
	}
	key := strings.TrimSpace(string(printed))
	if len(key) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return "" // a message, not a key
	}
	return key
}

// MayHaveCLIKey reports whether FromEnvironmentOrCLI asks the Heroku CLI if the environment has no key: there is a CLI, and its key is for the same
// host, because neither it nor this program was told to use another one.
func MayHaveCLIKey(lookup func(string) (string, bool)) bool {
	env := environment(lookup)
	_, err := exec.LookPath(cliName)
	return err == nil && env.get("HEROKU_API_URL") == "" && env.get("HEROKU_HOST") == ""
}
