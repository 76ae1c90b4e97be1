package iamtest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Values are the values of a template's references: those of Ref by "LogicalID", those of Fn::GetAtt by "LogicalID.Attribute", and those of
// pseudo parameters by their names, such as "AWS::Region".
type Values map[string]string

// all returns the texts of a value, which may be a list of values.
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
			return nil, fmt.Errorf("%q has a policy variable, which is not supported", text)
		}
		texts[i] = text
	}
	return texts, nil
}

// text returns the text of one value of a template: a string, a boolean, or a call of one of CloudFormation's intrinsic functions.
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
	return "", fmt.Errorf("the value %v is not supported", value)
}

// call evaluates an intrinsic function.
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
	return "", fmt.Errorf("the function %s of %v is not supported", function, argument)
}

// find returns the value of a reference.
func (v Values) find(name string) (string, error) {
	value, ok := v[name]
	if !ok {
		return "", fmt.Errorf("the template refers to %s, which has no value", name)
	}
	return value, nil
}

// join evaluates Fn::Join.
func (v Values) join(argument any) (string, error) {
	pair, ok := argument.([]any)
	if !ok || len(pair) != 2 {
		return "", fmt.Errorf("Fn::Join of %v is not supported", argument)
	}
	separator, ok := pair[0].(string)
	parts, isList := pair[1].([]any)
	if !ok || !isList {
		return "", fmt.Errorf("Fn::Join of %v is not supported", argument)
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

// reference matches a reference in the text of Fn::Sub. ${!Name} is not one: it stands for the text ${Name}.
var reference = regexp.MustCompile(`\$\{([^}]*)\}`)

// substitute evaluates Fn::Sub without a map of variables.
func (v Values) substitute(argument any) (string, error) {
	text, ok := argument.(string)
	if !ok {
		return "", fmt.Errorf("Fn::Sub of %v is not supported", argument)
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
