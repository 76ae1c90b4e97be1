package sns

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// defaultProtocol is the name of the text for protocols without one of their own.
const defaultProtocol = "default"

// messages returns the texts of a message by protocol. With the structure json, the message is an object with them: "Non-string values will cause the
// key to be ignored", "Duplicate keys are not allowed".
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func messages(message, structure string) (map[string]string, error) {
	switch structure {
	case "":
		return map[string]string{defaultProtocol: message}, nil
	case "json":
	default:
		return nil, invalid("MessageStructure")
	}
	texts, err := readTexts(message)
	if err != nil {
		return nil, invalid("Message Structure - JSON message body failed to parse")
	}
	if _, ok := texts[defaultProtocol]; !ok {
		return nil, invalid("Message Structure - No default entry in JSON message body")
	}
	return texts, nil
}

// readTexts returns the members of a JSON object that are text. It fails if a member is given twice.
func readTexts(message string) (map[string]string, error) {
	d := json.NewDecoder(strings.NewReader(message))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.New("not an object")
	}
	texts := make(map[string]string)
	seen := make(map[string]bool)
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string)
		if seen[key] {
			return nil, errors.New("a member is given twice")
		}
		seen[key] = true
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		if text, ok := value.(string); ok {
			texts[key] = text
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something after the object")
	}
	return texts, nil
}
