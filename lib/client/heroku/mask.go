package heroku

import (
	"net/url"
	"regexp"
)

// hidden stands for what must not be read.
const hidden = "****"

// MaskURL is a drain URL without its secrets: the password, a user name that stands alone (a token, at some log services), and the query.
// What is no URL is hidden as a whole.
func MaskURL(drainURL string) string {
	u, err := url.Parse(drainURL)
	if err != nil || u.Host == "" {
		return hidden
	}
	text := u.Scheme + "://"
	if u.User != nil {
		if _, ok := u.User.Password(); ok {
			text += u.User.Username() + ":"
		}
		text += hidden + "@"
	}
	text += u.Host + u.EscapedPath()
	if u.RawQuery != "" {
		text += "?" + hidden
	}
	return text
}

var urlInText = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>]+`)

// maskText masks the URLs in a message.
func maskText(text string) string {
	return urlInText.ReplaceAllStringFunc(text, MaskURL)
}
