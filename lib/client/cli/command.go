package cli

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"heroku-drains/lib/client/cause"
	"heroku-drains/lib/stack"
)

// command returns a command line of this program, in backticks, that the user can run as it is: with the name by which the program was called,
// and with the flags that the user gave to select the system. Settings that come from the environment need not be repeated. Texts among args
// are quoted for a shell where necessary.
//
// Every hint at a command of this program is made here, so that it leads to the system that the user is working on.
func (s *session) command(format string, args ...any) string {
	return "`" + s.commandLine(format, args...) + "`"
}

// commandLine is like command, without the backticks.
func (s *session) commandLine(format string, args ...any) string {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = cause.Quote(text)
		}
	}
	line := fmt.Sprintf(format, args...)
	verb, _, _ := strings.Cut(line, " ")
	return strings.Join(slices.Concat([]string{s.name}, s.systemFlags(verb, line), []string{line}), " ")
}

// again returns the command line that the user gave, in backticks.
func (s *session) again() string {
	parts := []string{s.name}
	for _, arg := range s.args {
		parts = append(parts, cause.Quote(arg))
	}
	return "`" + strings.Join(parts, " ") + "`"
}

// words are arguments of command that are not quoted.
type words string

// systemFlags returns the flags that the user gave to select the system, as far as the verb of a command line reads
// them, and the line does not have them.
func (s *session) systemFlags(verb, line string) []string {
	reads := parts(verb)
	if !slices.Contains(reads, "system") && verb != "" {
		return nil
	}
	var given []string
	f := s.flags
	if f.Local && os.Getenv(variables+"_LOCAL") == "" {
		given = append(given, "--local")
	}
	noHeroku := f.NoHeroku && os.Getenv(variables+"_NO_HEROKU") == "" ||
		slices.Contains([]string{"put", "delete", "sync"}, verb) && s.Installation != nil && s.NeedsHerokuKey() // it would need a key that is not there
	if noHeroku && !strings.Contains(line, "--no-heroku") && slices.Contains(reads, "heroku") {
		given = append(given, "--no-heroku")
	}
	for _, setting := range []struct{ flag, variable, value, usual string }{
		{"--local-api-url", variables + "_LOCAL_API_URL", f.LocalAPIURL, stack.LocalAPIURL},
		{"--local-aws-url", variables + "_LOCAL_AWS_URL", f.LocalAWSURL, stack.LocalAWSURL},
		{"--api-url", variables + "_API_URL", f.APIURL, ""},
		{"--stack", variables + "_STACK", f.Stack, stack.DefaultName},
		{"--region", "AWS_REGION", f.Region, ""},
		{"--profile", "AWS_PROFILE", f.Profile, ""},
	} {
		if setting.value != setting.usual && setting.value != os.Getenv(setting.variable) {
			given = append(given, setting.flag, cause.Quote(setting.value))
		}
	}
	return given
}

// localCommand returns the command line that starts the local system where the flags expect it.
func (s *session) localCommand() string {
	line := "local"
	for _, address := range []struct{ flag, url, usual string }{
		{"--api-addr", s.flags.LocalAPIURL, stack.LocalAPIURL}, {"--aws-addr", s.flags.LocalAWSURL, stack.LocalAWSURL},
	} {
		if u, err := url.Parse(address.url); err == nil && address.url != address.usual {
			line += " " + address.flag + " " + cause.Quote(u.Host)
		}
	}
	return s.command("%s", words(line))
}

// pipeline returns several commands in backticks as one whose output each next one reads.
func pipeline(commands ...string) string {
	return strings.ReplaceAll(strings.Join(commands, " | "), "` | `", " | ")
}

// parts returns the words of a verb's tag "reads"; see readsOf.
func parts(verb string) []string {
	for field := range reflect.TypeFor[commands]().Fields() {
		if strings.ToLower(field.Name) == verb {
			words := field.Tag.Get("reads")
			if field.Type == reflect.TypeFor[alertsCmd]() {
				words = "system"
			}
			return strings.Fields(words)
		}
	}
	return nil
}

// calledAs returns how to call the program again. `go run` builds it in a temporary folder, or in Go's build cache; both have go-build in
// their path.
func calledAs(name string) string {
	if strings.Contains(filepath.ToSlash(name), "/go-build") {
		return "go run ./cmd/" + program
	}
	if base := filepath.Base(name); filepath.IsAbs(name) && isInPath(base, name) {
		name = base
	}
	return cause.Quote(name)
}

// isInPath reports whether a shell finds a file by its name alone.
func isInPath(base, file string) bool {
	found, err := exec.LookPath(base)
	if err != nil {
		return false
	}
	a, errA := os.Stat(found)
	b, errB := os.Stat(file)
	return errA == nil && errB == nil && os.SameFile(a, b)
}
