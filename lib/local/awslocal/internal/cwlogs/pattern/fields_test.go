package pattern_test

import "testing"

const (
	found   = `127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534`
	gone    = `127.0.0.2 - jane [10/Oct/2000:13:25:16 -0700] "GET /index.html HTTP/1.0" 410 0`
	posted  = `127.0.0.3 - frank [10/Oct/2000:13:25:17 -0700] "POST /api HTTP/1.0" 500 2048`
	fine    = `127.0.0.4 - frank [10/Oct/2000:13:25:18 -0700] "GET /index.html HTTP/1.0" 200 100`
	extra   = `127.0.0.5  -  frank [10/Oct/2000:13:25:19 -0700] "GET /index.html HTTP/1.0" 404 1534 extra`
	tabs    = "127.0.0.6\t-\tfrank\t[10/Oct/2000:13:25:20 -0700]\t\"GET /index.html HTTP/1.0\"\t404\t1534"
	failed  = "ERROR request failed"
	warning = "WARNING request"
	info    = "INFO request accepted"
	alone   = "ERROR"
	quoted  = `ERROR "two words"`
	open    = `ERROR "unterminated words`
)

func TestFields(t *testing.T) {
	messages := []string{found, gone, posted, fine, extra, tabs, failed, warning, info, alone, quoted, open}
	for _, test := range []struct {
		pattern string
		want    []string
	}{
		{pattern: `[]`, want: messages},
		{pattern: `[line]`, want: messages},
		{pattern: `[ip, identity, user, timestamp, request, status, bytes]`, want: []string{found, gone, posted, fine, extra, tabs}},
		{pattern: `[ip, identity, user, timestamp, request, status >= 400, bytes > 1000]`, want: []string{found, posted, tabs}},
		{pattern: `[ip, identity, user, timestamp, request, status, bytes = "1534 extra"]`, want: []string{extra}},
		{pattern: `[..., request = *.html*, status = 4*, bytes]`, want: []string{found, gone, tabs}},
		{pattern: `[..., request=*.html*, status=4*,]`, want: []string{found, gone, tabs}}, // the last field has no name
		{pattern: `[..., status = 404 || status = 410, bytes]`, want: []string{found, gone, tabs}},
		{pattern: `[..., status = 4* && status != 404, bytes]`, want: []string{gone}},
		{pattern: `[..., status = 500 || status = 4* && status != 404, bytes]`, want: []string{gone, posted}},
		{pattern: `[ip = %127\.0\.0\.[1-3]%, identity, user, timestamp, request, status, bytes]`, want: []string{found, gone, posted}},
		{pattern: `[ip = %127%, identity, user = %frank%, ...]`, want: []string{found, posted, fine, extra, tabs}}, // two are allowed
		{pattern: `[..., bytes]`, want: messages},
		{pattern: `[..., bytes = extra]`, want: []string{extra}},
		{pattern: `[ip, ..., status, bytes]`, want: []string{found, gone, posted, fine, extra, tabs, failed, info, open}},
		{pattern: `[level = ERROR, ...]`, want: []string{failed, alone, quoted, open}},
		{pattern: `[ip, identity, user = jane, ...]`, want: []string{gone}},
		{pattern: `[w1=ERROR, w2]`, want: []string{failed, quoted, open}},
		{pattern: `[w1=ERROR, w2="two words"]`, want: []string{quoted}},
		{pattern: `[w1=ERROR, w2="request failed"]`, want: []string{failed}},
		{pattern: `[w1=ERROR || w1=WARNING, w2]`, want: []string{failed, warning, quoted, open}},
		{pattern: `[w1!=ERROR && w1!=WARNING, w2]`, want: []string{found, gone, posted, fine, extra, tabs, info}},
		{pattern: `[w1=ERROR, w2="\"unterminated", w3]`, want: []string{open}},
		{pattern: `[a, b, c, d="10/Oct/2000:13:25:15 -0700", ...]`, want: []string{found}},
	} {
		t.Run(test.pattern, func(t *testing.T) { checkMatches(t, test.pattern, messages, test.want) })
	}
}

// TestFieldsOfRouterLines filters lines of Heroku's router. AWS's page has no such example.
func TestFieldsOfRouterLines(t *testing.T) {
	const timeout = `heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/" status=503 bytes=0`
	const good = `heroku[router]: at=info method=GET path="/" host=shop.example.com status=200 bytes=13`
	checkMatches(t, `[source = *router*, at = "at=error", code = "code=H1*", ...]`, []string{timeout, good}, []string{timeout})
	checkMatches(t, `[..., status = "status=5*", bytes]`, []string{timeout, good}, []string{timeout})
}

func TestFieldsRejected(t *testing.T) {
	const invalid = "Invalid filter pattern"
	checkRejected(t, map[string]string{
		`[w1, w2`:                      "If a filter pattern starts with '[' it must end with ']'",
		`[..., status, ...]`:           "Duplicate field '...'",
		`[word, word]`:                 "Duplicate field 'word'",
		`[status = 4* && bytes > 100]`: invalid, // a condition on another field
		`[status = 404 || ]`:           invalid,
		`[status = 404 status]`:        invalid,
		`[status 404]`:                 invalid,
		`[= 404]`:                      invalid,
		`[status = ]`:                  invalid,
		`[status > abc]`:               "Invalid character(s) in term 'abc'",
		`[status @ 1]`:                 "Invalid character(s) in term '@'",
		`[path = /index.html]`:         "Invalid character(s) in term '/'",
		`[a = %x%, b = %y%, c = %z%]`:  "Your input has exceeded the maximum of 2 regular expressions per filter pattern.",
	})
}
