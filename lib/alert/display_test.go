package alert_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"heroku-drains/lib/alert"
)

func TestDisplay(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "",
		"plain text":                    "plain text",
		"\t a\r\n\tb \x00c\x7f\n":       "a b c",
		"a\u202eb\u2066c\u200bd":        "abcd", // would reorder or hide text
		"a\u2028b\u0085c":               "a b c",
		"\ufeffa\ufffe\uffffb":          "a\ufffd\ufffdb",
		"bad \xff":                      "bad \ufffd",
		"日本語 😀":                         "日本語 😀",
		strings.Repeat("x", 20):         strings.Repeat("x", 20),
		strings.Repeat("x", 21):         strings.Repeat("x", 17) + "…",
		strings.Repeat("日", 7):          strings.Repeat("日", 5) + "…",
		strings.Repeat("x", 20) + " \n": strings.Repeat("x", 17) + "…",
	} {
		if got := alert.Display([]byte(text), 20); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		`path="/login?user=jane&password=hunter2"`:             `path="/login?user=jane&password=***"`,
		`path="/a?token=abc&page=2" host=x`:                    `path="/a?token=***&page=2" host=x`,
		`/a?api_key=1;Signature=2;x=3`:                         `/a?api_key=***;Signature=***;x=3`,
		`/cb?code=4%2F0AX&state=xyz&scope=a`:                   `/cb?code=***&state=***&scope=a`,
		`/a?zipcode=12345&keyboard=de&author=x&monkey=1`:       `/a?zipcode=12345&keyboard=de&author=x&monkey=1`,
		`/a?user[password]=x&user%5Bpassword%5D=y&a=b`:         `/a?user[password]=***&user%5Bpassword%5D=***&a=b`,
		`/a?next=https%3A%2F%2Fb%3Ftoken%3Dabc%26page%3D2&x=y`: `/a?next=https%3A%2F%2Fb%3Ftoken%3D***%26page%3D2&x=y`,
		`/a?X-Amz-Signature=abc&X-Amz-Security-Token=def`:      `/a?X-Amz-Signature=***&X-Amz-Security-Token=***`,
		`at=error code=H12 desc="Request timeout"`:             `at=error code=H12 desc="Request timeout"`,
		`postgres://u1:s3cret@ec2.example.com:5432/d`:          `postgres://u1:***@ec2.example.com:5432/d`,
		`redis://:s3cret@h:6379 and https://a:b@c`:             `redis://:***@h:6379 and https://a:***@c`,
		`https://example.com:8080/a@b`:                         `https://example.com:8080/a@b`,
		`/a?password=`:                                         `/a?password=`,
		`/a?password=&token=x`:                                 `/a?password=&token=***`,
		`/a?access_token=x#frag`:                               `/a?access_token=***#frag`,
		``:                                                     ``,
		`Authorization: Basic dTpw`:                            `Authorization: ***`,
		`authorization: "Bearer abc.def"`:                      `authorization: "***"`,
		`{"Authorization":"Bearer abc","a":1}`:                 `{"Authorization":"***","a":1}`,
		`sent Bearer eyJhbGciOiJIUzI1NiJ9.e30.x to x`:          `sent Bearer *** to x`,
		`login password=hunter2 user=jane`:                     `login password=*** user=jane`,
		`login password='hunter 2', user=jane`:                 `login password='***', user=jane`,
		`token=abc,secret_key: x; done`:                        `token=***,secret_key: ***; done`,
		`{"password":"hun\"ter2","user":"jane"}`:               `{"password":"***","user":"jane"}`,
		`{"msg":"{\"password\":\"hunter2\",\"a\":1}"}`:         `{"msg":"{\"password\":\"***\",\"a\":1}"}`,
		`Parameters: {"user"=>{"password"=>"x y"}, "a"=>"b"}`:  `Parameters: {"user"=>{"password"=>"***"}, "a"=>"b"}`,
		`{:api_key=>"x", password: "y"}`:                       `{:api_key=>"***", password: "***"}`,
		`{'client_secret': 'x', 'a': 'b'}`:                     `{'client_secret': '***', 'a': 'b'}`,
		`{"password":"","a":"b"}`:                              `{"password":"","a":"b"}`,
		`{"password":"cut off`:                                 `{"password":"***`,
		`Set-Cookie: sid=abc; Path=/`:                          `Set-Cookie: ***; Path=/`,
		`password authentication failed for user "u"`:          `password authentication failed for user "u"`,
		`DATABASE_URL=postgres://u:secret@h/d`:                 `DATABASE_URL=postgres://u:***@h/d`,
	} {
		if got := string(alert.Mask([]byte(text))); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func FuzzDisplay(f *testing.F) {
	f.Add([]byte("a\u202eb\x00\xff日本"), 10)
	f.Add([]byte("https://a:b@c?token=%26"), 300)
	f.Fuzz(func(t *testing.T, text []byte, limit int) {
		if limit < 3 || limit > 1000 {
			t.Skip("not a limit")
		}
		before := string(text)
		got := alert.Display(alert.Mask(text), limit)
		if len(got) > limit || !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\n\r\t\x1b\ufffe\uffff\u202e") {
			t.Errorf("%q: %q", text, got)
		}
		if string(text) != before {
			t.Errorf("%q was changed", before)
		}
	})
}
