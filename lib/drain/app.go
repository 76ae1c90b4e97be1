package drain

import (
	"fmt"
	"regexp"
)

// Heroku's rule for app names. https://devcenter.heroku.com/articles/platform-api-reference#app-create
var appName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,28}[a-z0-9]$`)

// maxAppName is the length of the longest app name, in characters.
const maxAppName = 30

// ValidateApp returns an *Error with the code InvalidAppName if app is not a valid Heroku app name.
func ValidateApp(app string) error {
	if appName.MatchString(app) {
		return nil
	}
	const rule = "3 to 30 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen"
	if len(app) > maxAppName {
		app = app[:maxAppName] + "…"
	}
	return &Error{Code: InvalidAppName, Message: fmt.Sprintf("%q is not a valid Heroku app name: %s", app, rule)}
}
