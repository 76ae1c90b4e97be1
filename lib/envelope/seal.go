package envelope

import (
	"encoding/base64"
	"fmt"
)

// Seal packs the body of a request, as API Gateway passes it on, into one SQS message, or into several if it does not fit. A body of
// less than 4 KB is packed as it is, without being decoded; a larger one is compressed. Each message is at most MaxMessage bytes
// long and contains at most MaxPart bytes of the body. The body is split between lines, and inside a line or a frame only if that is longer
// than MaxPart.
//
// Seal fails if isBase64 is set and the body is not valid base64, or if the header leaves no room for a body.
func Seal(h Header, body string, isBase64 bool) ([]string, error) {
	whole := message{
		Version: version, App: h.App, DrainToken: h.DrainToken, FrameID: h.FrameID, RequestID: h.RequestID,
		MsgCount: h.MsgCount, ReceivedAt: h.ReceivedAt.UnixMilli(), Part: 1, Parts: 1, Encoding: plain,
	}
	raw := []byte(body)
	if isBase64 {
		if base64.StdEncoding.DecodedLen(len(body)) < compressFrom {
			if err := checkBase64(body); err != nil {
				return nil, fmt.Errorf("seal the body of a request for app %q: %w", h.App, err)
			}
			return []string{write(whole, body)}, nil
		}
		var err error
		if raw, err = base64.StdEncoding.DecodeString(body); err != nil {
			return nil, fmt.Errorf("seal the body of a request for app %q: %w", h.App, err)
		}
	}
	parts := split(raw)
	sealed := make([]string, len(parts))
	for i, part := range parts {
		m := whole
		m.Part, m.Parts = i+1, len(parts)
		sealed[i] = sealPart(m, part)
		if len(sealed[i]) > MaxMessage {
			return nil, fmt.Errorf("seal part %d of %d of a request for app %q: %d bytes exceed SQS's limit of %d: the header is too long",
				m.Part, m.Parts, h.App, len(sealed[i]), MaxMessage)
		}
	}
	return sealed, nil
}

// sealPart writes the message with the body, compressed if that makes it smaller.
func sealPart(m message, body []byte) string {
	if len(body) >= compressFrom {
		if packed := compress(body); len(packed) < len(body) {
			m.Encoding, body = compressed, packed
		}
	}
	return write(m, base64.StdEncoding.EncodeToString(body))
}
