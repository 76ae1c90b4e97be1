package alert

import "bytes"

const masked = "***"

// secretName matches the names of parameters whose values are secrets.
var secretName = newPattern(`(?i)passw|pwd|passphrase|token|secret|signature|credential|session|(^|[^a-z])(key|sig|auth|code|otp|pin|jwt|sid|state|assertion)$|api_?key|access_?key|authorization|x-amz-security`)

// parameter matches a parameter of a query string, also of one that is escaped because it is in a parameter itself: what is before it, its name,
// and its value.
var parameter = newPattern(`(?i)([?&;]|%3F|%26|%3B)([a-z0-9_.\-\[\]]+|(?:%5B|%5D|[a-z0-9_.\-])+)(=|%3D)([^&;#\s"'<>\\]+)`)

// escapedEnd matches what ends the value of an escaped parameter.
var escapedEnd = newPattern(`(?i)%26|%3B|%23`)

// credentials matches the user and password of a URL.
var credentials = newPattern(`://[^/\s@:"'<>]*:([^/\s@"'<>]+)@`)

// assignment matches a name and its value outside of query strings, as headers, logfmt, JSON, and the inspect methods of Ruby, Python and Node write
// them: what is before the value, whose name is the name of a secret, and the value. Quotes can be escaped, because they are in a text themselves.
var assignment = newPattern(`(?i)((?:passw|pwd|passphrase|token|secret|signature|credential|cookie|authorization|api[_-]?key|access[_-]?key|private[_-]?key)[a-z0-9_.\-]*` +
	`\\*["']?\s*(?:=>|[:=])\s*)` +
	`((?:basic|bearer|token|digest|negotiate)\s+[^\s,"'\\]+|"(?:\\.|[^"\\])*(?:"|$)|'(?:\\.|[^'\\])*(?:'|$)|\\+"[^"\\]*|\\+'[^'\\]*|[^\s"'\\,;&<>{}()\[\]]+)`)

// bearer matches a token after the word that says so.
var bearer = newPattern(`(?i)\b(bearer\s+)[a-z0-9._~+/=-]{8,}`)

// mask returns a text in which secrets are replaced: passwords in URLs, and the values of what is called a password, token, key and the like, in query
// strings, headers and elsewhere.
func mask(text []byte) []byte {
	text = maskURLs(text)
	text = assignment().ReplaceAllFunc(text, func(found []byte) []byte {
		parts := assignment().FindSubmatch(found)
		value, quote := parts[2], ""
		if bytes.HasPrefix(value, []byte(masked)) {
			return found
		}
		if end := bytes.IndexFunc(value, func(c rune) bool { return c != '\\' && c != '"' && c != '\'' }); end != 0 {
			if end < 0 {
				return found // nothing between the quotes
			}
			quote = string(value[:end])
		}
		out := append(append(append([]byte{}, parts[1]...), quote...), masked...)
		if last := value[len(value)-1]; quote == `"` && last == '"' || quote == `'` && last == '\'' {
			out = append(out, quote...)
		}
		return out
	})
	return bearer().ReplaceAll(text, []byte("${1}"+masked))
}

// maskURLs replaces the secrets in URLs.
func maskURLs(text []byte) []byte {
	if bytes.Contains(text, []byte("://")) {
		text = credentials().ReplaceAllFunc(text, func(found []byte) []byte {
			user, _, _ := bytes.Cut(found[len("://"):], []byte(":"))
			return append(append([]byte("://"), user...), ":"+masked+"@"...)
		})
	}
	var out []byte
	for {
		at := parameter().FindSubmatchIndex(text)
		if at == nil {
			return append(out, text...)
		}
		name, value := text[at[4]:at[5]], at[8]
		out = append(out, text[:value]...)
		rest := text[value:]
		if secretName().Match(name) {
			end := at[9] - value
			if at[7]-at[6] > len("=") { // %3D
				if e := escapedEnd().FindIndex(rest[:end]); e != nil {
					end = e[0]
				}
			}
			out, rest = append(out, masked...), rest[end:]
		}
		text = rest
	}
}
