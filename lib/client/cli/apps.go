package cli

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"heroku-drains/lib/drain"
)

// app returns the app that the command line names. None, several, and an invalid name are usage errors.
func (s *session) app() (string, error) {
	apps, err := s.apps(exactName)
	switch {
	case err != nil:
		return "", err
	case len(apps) == 0:
		return "", usagef("no app given: add its name, or -a NAME")
	case len(apps) > 1:
		return "", usagef("several apps given (%s), but this works on one at a time", strings.Join(apps, ", "))
	}
	return apps[0], nil
}

// optionalApp is like app, and returns "" if the command line names none.
func (s *session) optionalApp() (string, error) {
	if len(s.flags.App) == 0 {
		return "", nil
	}
	return s.app()
}

// apps returns the apps that the command line names, in its order and each once, for verbs that take several. Without any, it returns none.
// A name that valid rejects is a usage error: see exactName and nameOrPattern.
func (s *session) apps(valid func(name string) error) ([]string, error) {
	var apps []string
	for _, app := range s.flags.App {
		if err := valid(app); err != nil {
			return nil, asUsage(err)
		}
		if !slices.Contains(apps, app) {
			apps = append(apps, app)
		}
	}
	return apps, nil
}

// exactName accepts an app's name only.
func exactName(name string) error { return drain.ValidateApp(name) }

// patternCharacters are those of app names, and those with a meaning in patterns.
var patternCharacters = regexp.MustCompile(`^[a-z0-9*?\[\]^-]+$`)

// nameOrPattern accepts an app's name, and a pattern of names such as "shop-*", in the form of path.Match.
func nameOrPattern(name string) error {
	if !strings.ContainsAny(name, "*?[") {
		return drain.ValidateApp(name)
	}
	if _, err := path.Match(name, ""); err != nil || !patternCharacters.MatchString(name) {
		return usagef("%q is not a valid pattern of app names: * stands for any characters, ? for one, [a-f] for one of these", name)
	}
	return nil
}

// isAmong reports whether an app is one of names, which may be patterns. Every app is among no names.
func isAmong(names []string, app string) bool {
	return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool {
		matches, _ := path.Match(name, app) // nameOrPattern accepted it
		return matches
	})
}
