package lines

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/klauspost/compress/zstd"
)

// DeadLetter returns the app of a dead letter, and the messages in it.
func DeadLetter(body string) (app string, messages [][]byte, err error) {
	var sealed struct {
		App      string `json:"app"`
		Encoding string `json:"encoding"`
		Body     []byte `json:"body"` // base64
	}
	if err := json.Unmarshal([]byte(body), &sealed); err != nil {
		return "", nil, fmt.Errorf("read a dead letter: %w", err)
	}
	content := sealed.Body
	if sealed.Encoding == "zstd+base64" {
		reader, err := zstd.NewReader(bytes.NewReader(content))
		if err != nil {
			return "", nil, err
		}
		defer reader.Close()
		var all bytes.Buffer
		if _, err := all.ReadFrom(reader); err != nil {
			return "", nil, fmt.Errorf("decompress a dead letter: %w", err)
		}
		content = all.Bytes()
	}
	messages, err = split(content)
	return sealed.App, messages, err
}

// split returns the messages of a body of octet-counted frames.
func split(body []byte) (messages [][]byte, err error) {
	for len(body) > 0 {
		digits, rest, _ := bytes.Cut(body, []byte(" "))
		n, err := strconv.Atoi(string(digits))
		if err != nil || n > len(rest) {
			return messages, fmt.Errorf("%d bytes are not a frame", len(body))
		}
		messages, body = append(messages, rest[:n]), rest[n:]
	}
	return messages, nil
}
