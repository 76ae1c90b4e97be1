package heroku_test

import (
	"testing"

	"heroku-drains/lib/client/heroku"
)

func TestMaskPasswords(t *testing.T) {
	for text, want := range map[string]string{
		"https://shop:p4ss@h/x":                             "https://shop:****@h/x",
		`parse "https://shop:p4ss@h:bad/x": invalid port`:   `parse "https://shop:****@h:bad/x": invalid port`,
		"https://:p4ss@h/x":                                 "https://:****@h/x",
		"https://p4ss@h/":                                   "https://****@h/",
		"https://shop:p/4s:s@h":                             "https://shop:****@h",
		"https://shop:p@4s@s@h/x":                           "https://shop:****@h/x",
		"https://p4@ss@h/x":                                 "https://****@h/x",
		"https://shop:@h/x":                                 "https://shop:****@h/x",
		"shop:p4ss@h/drains/shop":                           "shop:****@h/drains/shop",
		`{"url":"https:\/\/shop:p4ss@h"}`:                   `{"url":"https:\/\/shop:****@h"}`,
		`https:\/\/p4ss@h`:                                  `https:\/\/****@h`,
		"/log-drains/https%3A%2F%2Fshop%3Ap4ss%40h%2Fx":     "/log-drains/https%3A%2F%2Fshop%3A****@h%2Fx",
		"/log-drains/https%3a%2f%2fp4ss%40h":                "/log-drains/https%3a%2f%2f****@h",
		"from https://a:p4ss@h/ to syslog+tls://b:p4ss@h:1": "from https://a:****@h/ to syslog+tls://b:****@h:1",
		// These have no password.
		"https://h:8080/users/me@example.com":                             "https://h:8080/users/me@example.com",
		"https://h/x?mail=me@example.com":                                 "https://h/x?mail=me@example.com",
		"User: arn:aws:sts::000000000000:assumed-role/Dev/me@example.com": "User: arn:aws:sts::000000000000:assumed-role/Dev/me@example.com",
		"Release v12 created by me@example.com at 12:00:00":               "Release v12 created by me@example.com at 12:00:00",
		"": "",
	} {
		if got := heroku.MaskPasswords(text); got != want {
			t.Errorf("%s is masked as %s, want %s", text, got, want)
		}
		if again := heroku.MaskPasswords(want); again != want {
			t.Errorf("%s is masked again, as %s", want, again)
		}
	}
}
