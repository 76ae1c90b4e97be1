// Package credential derives the passwords of drain URLs from a signing key, and checks them. It knows neither AWS nor HTTP.
package credential

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// passwordLength is in characters: 32 of base64 hold 192 bits, far out of guessing's reach, and keep drain URLs short.
const passwordLength = 32

// Keys are the signing keys that are good now: after a rotation both are, so that no drain is shut out while Heroku gets its new URLs.
type Keys struct {
	Current  []byte // new passwords are made with this one
	Previous []byte // nil before the first rotation
}

// Password is an app's password under a key: 32 characters of the URL-safe alphabet, so that it stands in a URL as it is.
func Password(key []byte, app string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(app))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))[:passwordLength]
}

// match compares in constant time, and always with every key: the time taken says nothing about how near a guess was.
func (k Keys) match(app, password string) bool {
	good := hmac.Equal([]byte(password), []byte(Password(k.Current, app)))
	if k.Previous != nil && hmac.Equal([]byte(password), []byte(Password(k.Previous, app))) {
		good = true
	}
	return good
}
