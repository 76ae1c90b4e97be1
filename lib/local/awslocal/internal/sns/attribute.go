package sns

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsquery"
)

// Attribute is a message attribute.
type Attribute struct {
	Type  string // String, String.Array, Number or Binary
	Value string // bytes for Binary
}

func (a Attribute) size(name string) int { return len(name) + len(a.Type) + len(a.Value) }

// attributeName: "can contain … A-Z, a-z, 0-9, underscore(_), hyphen(-), and period (.). The name must not start or end with a period, and it should not
// have successive periods", "up to 256 characters long".
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
var attributeName = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

const maxAttributeName = 256

// readAttributes reads the MessageAttributes of a request.
func readAttributes(in *awsquery.Request) (map[string]Attribute, error) {
	attributes := make(map[string]Attribute)
	for _, entry := range in.Entries("MessageAttributes") {
		name := in.Get(entry + "Name")
		a := Attribute{Type: in.Get(entry + "Value.DataType")}
		text, hasText := in.Text(entry + "Value.StringValue")
		binary, hasBinary := in.Text(entry + "Value.BinaryValue")
		lower := strings.ToLower(name)
		switch {
		case len(name) > maxAttributeName:
			return nil, invalidValue("Length of message attribute name must be less than 256 bytes.")
		case !attributeName.MatchString(name), strings.HasPrefix(lower, "aws."), strings.HasPrefix(lower, "amazon."):
			return nil, invalidValue("The message attribute name '%s' is invalid.", name)
		case a.Type != "String" && a.Type != "String.Array" && a.Type != "Number" && a.Type != "Binary":
			return nil, invalidValue("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, "+
				"and String.", name)
		case a.Type == "Binary" && (hasText || !hasBinary):
			return nil, invalidValue("The message attribute '%s' with type '%s' must use field 'Binary'.", name, a.Type)
		case a.Type != "Binary" && (hasBinary || !hasText):
			return nil, invalidValue("The message attribute '%s' with type '%s' must use field 'String'.", name, a.Type)
		}
		a.Value = text
		if hasBinary {
			decoded, err := base64.StdEncoding.DecodeString(binary)
			if err != nil {
				return nil, invalidValue("The message attribute '%s' is not base64.", name)
			}
			a.Value = string(decoded)
		}
		if err := a.check(name); err != nil {
			return nil, err
		}
		if _, twice := attributes[name]; twice {
			return nil, invalidValue("Message attribute name '%s' already exists.", name)
		}
		attributes[name] = a
	}
	return attributes, nil
}

func (a Attribute) check(name string) error {
	if a.Value == "" {
		return invalidValue("The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, a.Type)
	}
	var number float64
	var array []any
	switch {
	case a.Type == "Number" && json.Unmarshal([]byte(a.Value), &number) != nil:
		return invalidValue("Could not cast message attribute '%s' value to number.", name)
	case a.Type == "String.Array" && json.Unmarshal([]byte(a.Value), &array) != nil:
		return invalidValue("The message attribute '%s' with type 'String.Array' must be a valid JSON array.", name)
	case a.Type != "Binary" && !validText(a.Value):
		return invalidValue("The message attribute '%s' has a character that is not allowed.", name)
	}
	return nil
}
