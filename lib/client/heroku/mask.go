package heroku

import (
	"net/url"
	"regexp"
)

// masked replaces secrets.
const masked = "****"

// MaskURL returns a drain URL with its secrets masked: the password, a user name without a password (a token of some log services), and the
// query. It masks a text that is not a URL completely.
func MaskURL(drainURL string) string {
	u, err := url.Parse(drainURL)
	if err != nil || u.Host == "" {
		return masked
	}
	text := u.Scheme + "://"
	if u.User != nil {
		if _, ok := u.User.Password(); ok {
			text += u.User.Username() + ":"
		}
		text += masked + "@"
	}
	text += u.Host + u.EscapedPath()
	if u.RawQuery != "" {
		text += "?" + masked
	}
	return text
}

var urlInText = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>]+`)

// maskText masks the URLs in a message.
func maskText(text string) string {
	return urlInText.ReplaceAllStringFunc(text, MaskURL)
}
