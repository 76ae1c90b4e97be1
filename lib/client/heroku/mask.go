package heroku

import (
	"net/url"
	"regexp"
)

// masked replaces secrets.
const masked = "****"

// MaskURL returns a drain URL with its secrets masked: the password, a user name without a password (some log services use a token there), and
// the query. A text that is not a URL is masked completely.
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

// maskText masks the URLs in a message, their queries included, and what else MaskPasswords finds.
func maskText(text string) string {
	return MaskPasswords(urlInText.ReplaceAllStringFunc(text, MaskURL))
}

// What stands for a URL's user and password in a text, whether or not the text is a valid URL: in each, the first group stays.
var credentials = []*regexp.Regexp{
	// A user name, if any, and a password, which may have characters that it should not: https://shop:p/a@s@host. Digits before a slash are a
	// port. JSON may escape the slashes.
	regexp.MustCompile(`(:(?:\\?/){2}[^\s/:@"'<>]*:)(?:[^\s/?#"'<>]*|[0-9]*[^\s0-9/"'<>][^\s"'<>]*)@`),
	// A user name without a password, which is a token.
	regexp.MustCompile(`(:(?:\\?/){2})[^\s/:"'<>\\]+@`),
	// The same, escaped as part of another URL.
	regexp.MustCompile(`(?i)(%3a%2f%2f(?:[^\s"'%]*%3a)?)[^\s"']*?%40`),
	// A URL whose scheme is missing. With a slash before the at sign it is something else, such as an ARN that ends in an email address.
	regexp.MustCompile(`(\b[a-z][a-z0-9-]*:)[^\s/:@"'<>*]+@`),
}

// MaskPasswords returns a text with the passwords and tokens of its URLs masked, and everything else as it is.
func MaskPasswords(text string) string {
	for _, c := range credentials {
		text = c.ReplaceAllString(text, "${1}"+masked+"@")
	}
	return text
}
