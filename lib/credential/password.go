// Package credential derives the passwords of drain URLs from a signing key, and verifies them. It depends on neither AWS nor HTTP.
package credential

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// passwordLength is in characters: 32 of base64 have 192 bits, which cannot be guessed, and keep drain URLs short.
const passwordLength = 32

// Keys are the signing keys that are valid now. After a rotation, both are valid, so that drains keep working while Heroku gets the new URLs.
type Keys struct {
	Current  []byte // the key for new passwords
	Previous []byte // nil before the first rotation
	// RotatedAt is when Current replaced another key; zero: never, or unknown. Shortly afterwards, the store of the keys may still return the
	// old pair, or one old key.
	RotatedAt time.Time
}

// Password returns the app's password under a key: 32 characters of the URL-safe base64 alphabet, so that it needs no escaping in a URL.
func Password(key []byte, app string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(app))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))[:passwordLength]
}

// match compares in constant time, and always with all keys, so that the time taken does not reveal how close a guess was.
func match(keys [][]byte, app, password string) bool {
	matches := false
	for _, key := range keys {
		if key != nil && hmac.Equal([]byte(password), []byte(Password(key, app))) {
			matches = true
		}
	}
	return matches
}

// same reports whether both keys are the same as the other's.
func (k Keys) same(other Keys) bool {
	return bytes.Equal(k.Current, other.Current) && bytes.Equal(k.Previous, other.Previous)
}

func (k Keys) has(key []byte) bool {
	return bytes.Equal(key, k.Current) || bytes.Equal(key, k.Previous)
}
