package envelope

import (
	"fmt"
	"time"
)

// Open unpacks a message from Seal. Its error says what is wrong without quoting the body. It is permanent: a message that cannot be opened
// belongs in the dead-letter queue.
func Open(text string) (Envelope, error) { return OpenInto(text, nil) }

// OpenInto unpacks a message as Open does, and writes its body over the memory if that has the capacity.
func OpenInto(text string, memory []byte) (Envelope, error) {
	m, err := read(text)
	if err != nil {
		return Envelope{}, fmt.Errorf("open envelope of %d bytes: invalid JSON: %w", len(text), err)
	}
	if m.Version != version {
		return Envelope{}, fmt.Errorf("open envelope: unknown version %d, want %d", m.Version, version)
	}
	if m.Part < 1 || m.Part > m.Parts {
		return Envelope{}, fmt.Errorf("open envelope of app %q, request %q: invalid part %d of %d", m.App, m.RequestID, m.Part, m.Parts)
	}
	body, err := decode(m.Encoding, m.Body, memory[:0])
	if err != nil {
		return Envelope{}, fmt.Errorf("open envelope of app %q, request %q, part %d of %d: %w", m.App, m.RequestID, m.Part, m.Parts, err)
	}
	return Envelope{
		Header: Header{
			App: m.App, DrainToken: m.DrainToken, FrameID: m.FrameID, RequestID: m.RequestID,
			MsgCount: m.MsgCount, ReceivedAt: time.UnixMilli(m.ReceivedAt).UTC(),
		},
		Part: m.Part, Parts: m.Parts, Body: body,
	}, nil
}

func decode(encoding, text string, memory []byte) ([]byte, error) {
	switch encoding {
	case plain:
		return decodeBase64(memory, text)
	case compressed:
		return decompress(memory, text)
	}
	return nil, fmt.Errorf("unknown encoding %q", encoding)
}
