package envelope

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// checkBase64 returns an error unless text is padded standard base64, as API Gateway writes it. It does not decode the text.
func checkBase64(text string) error {
	digits := strings.TrimRight(text, "=")
	if len(text)%4 != 0 || len(text)-len(digits) > 2 {
		return fmt.Errorf("%d characters are not padded base64", len(text))
	}
	var bad byte
	for i := range len(digits) {
		bad |= notBase64[digits[i]]
	}
	if bad != 0 {
		return errors.New("invalid base64 character")
	}
	return nil
}

// decodeBase64 decodes text over the memory.
func decodeBase64(memory []byte, text string) ([]byte, error) {
	memory = slices.Grow(memory[:0], base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(memory[:cap(memory)], []byte(text))
	if err != nil {
		return nil, fmt.Errorf("the body is not valid base64: %w", err)
	}
	return memory[:n], nil
}

// notBase64 is 1 for each byte that is not a base64 digit, and 0 for the others.
var notBase64 = func() (table [256]byte) {
	for i := range table {
		table[i] = 1
	}
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		table[c] = 0
	}
	return table
}()
