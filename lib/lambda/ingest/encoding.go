package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxDecoded is the limit for a decompressed body, in bytes: as much as the largest event of API Gateway, and more than log-shuttle's largest
// batch, 500 lines of 10,000 bytes. A small body must not use up the function's memory.
const maxDecoded = 6 << 20

// errEncoding means that a body is in a form that the function cannot read.
var errEncoding = errors.New("the body's Content-Encoding is invalid or not supported")

// decode returns the request with its body as it was before the sender encoded it. Logplex does not compress, but log-shuttle can, with gzip.
// The error is an errEncoding: a body stored undecoded would remain unreadable.
func (r Request) decode() (Request, error) {
	switch encoding := strings.ToLower(strings.TrimSpace(r.ContentEncoding)); encoding {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip": // https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.3
	default:
		return r, fmt.Errorf("%w: it is %q, not gzip", errEncoding, r.ContentEncoding)
	}
	packed := []byte(r.Body)
	if r.IsBase64 {
		var err error
		if packed, err = base64.StdEncoding.DecodeString(r.Body); err != nil {
			return r, fmt.Errorf("%w: the body is not valid base64", errEncoding)
		}
	}
	body, err := gunzip(packed)
	if err != nil {
		return r, err
	}
	r.Body, r.IsBase64, r.ContentEncoding = string(body), false, ""
	return r, nil
}

func gunzip(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errEncoding, err)
	}
	body, err := io.ReadAll(io.LimitReader(z, maxDecoded+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errEncoding, err)
	case len(body) > maxDecoded:
		return nil, fmt.Errorf("%w: it has more than %d bytes when decompressed", errEncoding, maxDecoded)
	}
	return body, nil
}
