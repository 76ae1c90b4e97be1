package credential_test

import (
	"regexp"
	"testing"

	"heroku-drains/lib/credential"
)

func TestPassword(t *testing.T) {
	// Computed independently: printf shop | openssl dgst -sha256 -hmac "$KEY" -binary | basenc --base64url | cut -c1-32
	const want = "nTUmZw6bxInzlOAT4V9TKxx9CScMxt2M"
	key := []byte("0123456789abcdef0123456789abcdef")
	if got := credential.Password(key, "shop"); got != want {
		t.Errorf("Password = %q, want %q", got, want)
	}
}

func TestPasswordNeedsNoEscapingInAURL(t *testing.T) {
	plain := regexp.MustCompile(`^[A-Za-z0-9_-]{32}$`)
	seen := map[string]string{}
	for _, key := range []string{"first key", "second key"} {
		for _, app := range []string{"shop", "shop-staging", "api", "a-1"} {
			password := credential.Password([]byte(key), app)
			if !plain.MatchString(password) {
				t.Errorf("password of %s = %q, want 32 characters of the URL-safe alphabet", app, password)
			}
			if other, taken := seen[password]; taken {
				t.Errorf("%s under %q has the same password as %s", app, key, other)
			}
			seen[password] = app + " under " + key
		}
	}
}
