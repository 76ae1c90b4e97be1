package envelope

import (
	"errors"
	"fmt"
	"strings"
)

// checkBase64 reports whether text is padded standard base64, as the gateway writes it, without decoding it.
func checkBase64(text string) error {
	digits := strings.TrimRight(text, "=")
	if len(text)%4 != 0 || len(text)-len(digits) > 2 {
		return fmt.Errorf("%d characters are no padded base64", len(text))
	}
	var bad byte
	for i := range len(digits) {
		bad |= notBase64[digits[i]]
	}
	if bad != 0 {
		return errors.New("there are characters in it that are no base64")
	}
	return nil
}

// notBase64 holds 1 for each byte that is no digit of base64.
var notBase64 = func() (table [256]byte) {
	for i := range table {
		table[i] = 1
	}
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		table[c] = 0
	}
	return table
}()
