package envelope

import "encoding/json"

// Headers reads the header of a message as Open does, and as encoding/json does.
func Headers(text string) (m, plain any, err, plainErr error) {
	m, err = readHeader(text)
	var p message
	plainErr = json.Unmarshal([]byte(text), &p)
	return m, p, err, plainErr
}
