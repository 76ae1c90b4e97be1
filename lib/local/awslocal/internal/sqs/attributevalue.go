package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"strings"
)

// AttributeValue is the value of a message attribute.
type AttributeValue struct {
	DataType    string  `json:"DataType"` // String, Number or Binary, optionally followed by a dot and the sender's own label
	StringValue *string `json:"StringValue,omitempty"`
	BinaryValue []byte  `json:"BinaryValue,omitempty"`
}

// maxAttributes: "Each message can have up to 10 attributes."
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
const maxAttributes = 10

var attributeName = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`) // no dot at either end and no two dots in a row

// checkMessageAttributes validates a message's attributes by the rules of the page above.
func checkMessageAttributes(attributes map[string]AttributeValue) error {
	if len(attributes) > maxAttributes {
		return invalidParameter("Number of message attributes [%d] exceeds the allowed maximum [%d].", len(attributes), maxAttributes)
	}
	for _, name := range sortedKeys(attributes) {
		value := attributes[name]
		lower := strings.ToLower(name)
		if !attributeName.MatchString(name) || len(name) > 256 || strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon.") {
			return invalidParameter("The message attribute name '%s' is invalid.", name)
		}
		kind, _, _ := strings.Cut(value.DataType, ".")
		isText := kind == "String" || kind == "Number"
		switch {
		case !isText && kind != "Binary", len(value.DataType) > 256:
			return invalidParameter("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes"+
				" is Binary, Number, and String.", name)
		case isText && (value.StringValue == nil || *value.StringValue == "" || value.BinaryValue != nil),
			!isText && (len(value.BinaryValue) == 0 || value.StringValue != nil):
			return invalidParameter("The message attribute '%s' must contain a non-empty message attribute value for message attribute"+
				" type '%s'.", name, kind)
		case isText:
			if err := checkCharacters(*value.StringValue, "message attribute '"+name+"'"); err != nil {
				return err
			}
		}
	}
	return nil
}

// attributesSize returns how many bytes the attributes add to the message's size, which counts "name, type, value and the message body".
func attributesSize(attributes map[string]AttributeValue) int {
	size := 0
	for name, value := range attributes {
		size += len(name) + len(value.DataType) + len(value.BinaryValue)
		if value.StringValue != nil {
			size += len(*value.StringValue)
		}
	}
	return size
}

// attributesChecksum returns the MD5 that clients verify, over the attributes sorted by name, with each part preceded by its length in
// 4 bytes. It returns "" if there are no attributes.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
func attributesChecksum(attributes map[string]AttributeValue) string {
	if len(attributes) == 0 {
		return ""
	}
	var encoded []byte
	part := func(s []byte) {
		encoded = binary.BigEndian.AppendUint32(encoded, uint32(len(s)))
		encoded = append(encoded, s...)
	}
	const textMark, binaryMark = 1, 2
	for _, name := range sortedKeys(attributes) {
		value := attributes[name]
		part([]byte(name))
		part([]byte(value.DataType))
		if value.StringValue != nil {
			encoded = append(encoded, textMark)
			part([]byte(*value.StringValue))
		} else {
			encoded = append(encoded, binaryMark)
			part(value.BinaryValue)
		}
	}
	sum := md5.Sum(encoded)
	return hex.EncodeToString(sum[:])
}
