package envelope

import (
	"errors"
	"fmt"
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
