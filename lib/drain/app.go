package drain

import (
	"fmt"
	"strings"
)

// The lengths of app names, in characters.
const (
	minAppName = 3
	maxAppName = 30
)

// isApp reports whether an app can have this name at Heroku. https://devcenter.heroku.com/articles/platform-api-reference#app-create
func isApp(name string) bool {
	const letters, digits = "abcdefghijklmnopqrstuvwxyz", "0123456789"
	return len(name) >= minAppName && len(name) <= maxAppName && strings.Trim(name, letters+digits+"-") == "" &&
		strings.Contains(letters, name[:1]) && name[len(name)-1] != '-'
}

// ValidateApp returns an *Error with the code InvalidAppName if app is not a valid Heroku app name.
func ValidateApp(app string) error {
	if isApp(app) {
		return nil
	}
	const rule = "3 to 30 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen"
	if len(app) > maxAppName {
		app = app[:maxAppName] + "…"
	}
	return &Error{Code: InvalidAppName, Message: fmt.Sprintf("%q is not a valid Heroku app name: %s", app, rule)}
}
