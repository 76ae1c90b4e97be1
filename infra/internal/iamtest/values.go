package iamtest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Values are what the references of a template stand for: by "LogicalID" what Ref gives, by "LogicalID.Attribute" what Fn::GetAtt does,
// and by their names the pseudo parameters, such as "AWS::Region".
type Values map[string]string

// all gives the texts of a value, which may be a list of values.
func (v Values) all(value any) ([]string, error) {
	items, ok := value.([]any)
	if !ok {
		if value == nil {
			return nil, nil
		}
		items = []any{value}
	}
	texts := make([]string, len(items))
	for i, item := range items {
		text, err := v.text(item)
		if err != nil {
			return nil, err
		}
		if strings.Contains(text, "${") {
			return nil, fmt.Errorf("%q has a policy variable, which is not understood", text)
		}
		texts[i] = text
	}
	return texts, nil
}

// text is one value of a template: a text, a truth value, or a call of one of CloudFormation's functions.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func (v Values) text(value any) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case bool:
		return strconv.FormatBool(value), nil
	case map[string]any:
		if len(value) == 1 {
			for function, argument := range value {
				return v.call(function, argument)
			}
		}
	}
	return "", fmt.Errorf("the value %v is not understood", value)
}

func (v Values) call(function string, argument any) (string, error) {
	switch function {
	case "Ref":
		if name, ok := argument.(string); ok {
			return v.find(name)
		}
	case "Fn::GetAtt":
		if pair, ok := argument.([]any); ok && len(pair) == 2 {
			return v.find(fmt.Sprintf("%v.%v", pair[0], pair[1]))
		}
	case "Fn::Join":
		return v.join(argument)
	case "Fn::Sub":
		return v.substitute(argument)
	}
	return "", fmt.Errorf("the function %s of %v is not understood", function, argument)
}

func (v Values) find(name string) (string, error) {
	value, ok := v[name]
	if !ok {
		return "", fmt.Errorf("the template refers to %s: say what it stands for", name)
	}
	return value, nil
}

func (v Values) join(argument any) (string, error) {
	pair, ok := argument.([]any)
	if !ok || len(pair) != 2 {
		return "", fmt.Errorf("Fn::Join of %v is not understood", argument)
	}
	separator, ok := pair[0].(string)
	parts, isList := pair[1].([]any)
	if !ok || !isList {
		return "", fmt.Errorf("Fn::Join of %v is not understood", argument)
	}
	texts := make([]string, len(parts))
	for i, part := range parts {
		text, err := v.text(part)
		if err != nil {
			return "", err
		}
		texts[i] = text
	}
	return strings.Join(texts, separator), nil
}

// reference is a reference in the text of Fn::Sub. One that begins with ! is none: the text goes without that.
var reference = regexp.MustCompile(`\$\{([^}]*)\}`)

// substitute is Fn::Sub without a list of variables of its own.
func (v Values) substitute(argument any) (string, error) {
	text, ok := argument.(string)
	if !ok {
		return "", fmt.Errorf("Fn::Sub of %v is not understood", argument)
	}
	var failed []error
	result := reference.ReplaceAllStringFunc(text, func(found string) string {
		name := found[len("${") : len(found)-len("}")]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			return "${" + literal + "}"
		}
		value, err := v.find(strings.TrimSpace(name))
		failed = append(failed, err)
		return value
	})
	return result, errors.Join(failed...)
}
