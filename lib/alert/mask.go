package alert

import (
	"bytes"
	"regexp"
)

const masked = "***"

// secretName matches the names of parameters whose values are secrets.
var secretName = regexp.MustCompile(`(?i)passw|pwd|passphrase|token|secret|signature|credential|session|(^|[^a-z])(key|sig|auth|code|otp|pin|jwt|sid|state|assertion)$|api_?key|access_?key|authorization|x-amz-security`)

// parameter matches a parameter of a query string, also of one that is escaped because it is in a parameter itself: what is before it, its name,
// and its value.
var parameter = regexp.MustCompile(`(?i)([?&;]|%3F|%26|%3B)([a-z0-9_.\-\[\]]+|(?:%5B|%5D|[a-z0-9_.\-])+)(=|%3D)([^&;#\s"'<>\\]+)`)

// escapedEnd matches what ends the value of an escaped parameter.
var escapedEnd = regexp.MustCompile(`(?i)%26|%3B|%23`)

// credentials matches the user and password of a URL.
var credentials = regexp.MustCompile(`://[^/\s@:"'<>]*:([^/\s@"'<>]+)@`)

// mask returns a text in which the values of secret parameters of query strings, and the passwords in URLs, are replaced.
func mask(text []byte) []byte {
	if bytes.Contains(text, []byte("://")) {
		text = credentials.ReplaceAllFunc(text, func(found []byte) []byte {
			user, _, _ := bytes.Cut(found[len("://"):], []byte(":"))
			return append(append([]byte("://"), user...), ":"+masked+"@"...)
		})
	}
	var out []byte
	for {
		at := parameter.FindSubmatchIndex(text)
		if at == nil {
			return append(out, text...)
		}
		name, value := text[at[4]:at[5]], at[8]
		out = append(out, text[:value]...)
		rest := text[value:]
		if secretName.Match(name) {
			end := at[9] - value
			if at[7]-at[6] > len("=") { // %3D
				if e := escapedEnd.FindIndex(rest[:end]); e != nil {
					end = e[0]
				}
			}
			out, rest = append(out, masked...), rest[end:]
		}
		text = rest
	}
}
