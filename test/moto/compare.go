package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"heroku-drains/lib/local/awslocal"
)

// volatile matches the names of members whose values are each imitation's own: IDs, tokens, times and what is derived from them.
var volatile = regexp.MustCompile(`(?i)(id|ids|arn|token|handle|time|timestamp|date|url|urls|uuid|created|modified|owner|userid)$`)

// compare returns how moto's answer differs from the recorded one, and whether one of them is an error and the other is not.
func (p *replayer) compare(call awslocal.RecordedCall, theirs answer) (kinds []string, diverged bool) {
	ourCode, theirCode := "success", "success"
	if call.Status/100 != 2 {
		ourCode = codeOf(call.ErrorCode, call.Answer)
	}
	if theirs.status/100 != 2 {
		theirCode = codeOf(theirs.header.Get("X-Amzn-Errortype"), theirs.body)
	}
	if ourCode != theirCode {
		return []string{fmt.Sprintf("%s, moto: %s", ourCode, theirCode)}, (call.Status/100 == 2) != (theirs.status/100 == 2)
	}
	if ourCode != "success" {
		return nil, false
	}
	text := endpoint.ReplaceAll(call.Answer, []byte("http://endpoint"))
	c := comparison{replayer: p}
	c.walk("", parse(text), parse(theirs.body))
	slices.Sort(c.kinds)
	return slices.Compact(c.kinds), false
}

// codeOf returns the error code of an answer, without the namespace that some services put before it.
func codeOf(header string, body []byte) string {
	code := header
	if tree, ok := parse(body).(map[string]any); ok {
		code = cmp.Or(text(tree["__type"]), text(find(tree, "Code")), header)
	}
	code, _, _ = strings.Cut(code[strings.LastIndexAny(code, "#")+1:], ":")
	return cmp.Or(code, "an error without a code")
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// find returns the first member with a name, at any depth.
func find(v any, name string) any {
	switch v := v.(type) {
	case map[string]any:
		if found, ok := v[name]; ok {
			return found
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if found := find(v[key], name); found != nil {
				return found
			}
		}
	case []any:
		for _, element := range v {
			if found := find(element, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// comparison collects differences between two answers.
type comparison struct {
	*replayer
	kinds []string
}

func (c *comparison) note(format string, args ...any) {
	c.kinds = append(c.kinds, fmt.Sprintf(format, args...))
}

// walk compares two values at a path.
func (c *comparison) walk(path string, ours, theirs any) {
	switch ours := ours.(type) {
	case map[string]any:
		theirs, ok := theirs.(map[string]any)
		if !ok {
			c.note("%s has another type", path)
			return
		}
		c.walkMembers(path, ours, theirs)
	case []any:
		theirs, ok := theirs.([]any)
		switch {
		case !ok:
			c.note("%s has another type", path)
		case len(ours) != len(theirs):
			c.note("%s has another length", path)
		default:
			for i := range ours {
				c.walk(path+"[]", ours[i], theirs[i])
			}
		}
	default:
		_, isMap := theirs.(map[string]any)
		_, isList := theirs.([]any)
		switch {
		case isMap || isList:
			c.note("%s has another type", path)
		case volatile.MatchString(strings.TrimSuffix(path, "[]")):
			if a, b := text(ours), text(theirs); a != "" && b != "" {
				c.learn(a, b)
			}
		case c.ids.Replace(fmt.Sprint(ours)) != fmt.Sprint(theirs):
			c.note("%s has another value", path)
		}
	}
}

func (c *comparison) walkMembers(path string, ours, theirs map[string]any) {
	names := maps.Clone(ours)
	maps.Copy(names, theirs)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		at := strings.TrimPrefix(path+"."+name, ".")
		ourValue, ourHas := ours[name]
		theirValue, theirHas := theirs[name]
		switch {
		case !theirHas:
			c.note("%s only here", at)
		case !ourHas:
			c.note("%s only in moto", at)
		default:
			c.walk(at, ourValue, theirValue)
		}
	}
}

// parse reads JSON or XML. It returns nil for anything else.
func parse(body []byte) any {
	trimmed := bytes.TrimSpace(body)
	if bytes.HasPrefix(trimmed, []byte("<")) {
		return parseXML(trimmed)
	}
	d := json.NewDecoder(bytes.NewReader(trimmed))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil
	}
	return v
}

// parseXML returns an element as a map of the names of its children: to their values, or lists of them, if there are several.
func parseXML(body []byte) any {
	d := xml.NewDecoder(bytes.NewReader(body))
	root, err := element(d)
	if err != nil {
		return nil
	}
	return root
}

// element reads tokens up to the end of the current element.
func element(d *xml.Decoder) (any, error) {
	members, characters := map[string]any{}, ""
	for {
		token, err := d.Token()
		if err == io.EOF {
			return members, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.CharData:
			characters += string(token)
		case xml.EndElement:
			if len(members) == 0 {
				return strings.TrimSpace(characters), nil
			}
			return members, nil
		case xml.StartElement:
			child, err := element(d)
			if err != nil {
				return nil, err
			}
			name := token.Name.Local
			switch before := members[name].(type) {
			case nil:
				members[name] = child
			case []any:
				members[name] = append(before, child)
			default:
				members[name] = []any{before, child}
			}
		}
	}
}
