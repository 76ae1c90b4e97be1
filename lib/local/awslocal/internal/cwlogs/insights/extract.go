package insights

import (
	"regexp"
	"strings"
)

// parse reads the command parse: a field, and either "a * b *" with a name for each asterisk, or /a regular expression/ with named groups.
// A row that does not match stays, without the new fields.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse.html
func (p *parser) parse() error {
	from, err := p.name()
	if err != nil {
		return err
	}
	t := p.next()
	var expression *regexp.Regexp
	var names []string
	switch t.kind {
	case literal:
		if err := p.expect("as"); err != nil {
			return err
		}
		if names, err = list(p, p.define); err != nil {
			return err
		}
		if stars := strings.Count(t.text, "*"); stars != len(names) {
			return problem(t, "The glob pattern has %d wildcards, and %d names", stars, len(names))
		}
		expression = glob(t.text)
	case regex:
		if expression, err = compile(t); err != nil {
			return err
		}
		if names, err = p.groups(t, expression); err != nil {
			return err
		}
	default:
		return unexpected(p.text, t)
	}
	p.query.perRow = append(p.query.perRow, func(r *row) bool {
		text, _ := r.value(from)
		for i, found := range expression.FindStringSubmatch(text) {
			if i > 0 {
				r.values[names[i-1]] = found
			}
		}
		return true
	})
	return nil
}

// glob returns the expression for a glob pattern: each asterisk stands for as few characters as possible, and the last one, at the end, for
// the rest.
func glob(pattern string) *regexp.Regexp {
	parts := strings.Split(pattern, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	text := strings.Join(parts, "(.*?)")
	if strings.HasSuffix(pattern, "*") {
		text += "$"
	}
	return regexp.MustCompile("(?s)" + text)
}

// groups returns the names of an expression's groups, all of which must have one.
func (p *parser) groups(t token, expression *regexp.Regexp) ([]string, error) {
	names := expression.SubexpNames()[1:]
	if len(names) == 0 {
		return nil, problem(t, "The regular expression has no named groups: %s", t.text)
	}
	for _, name := range names {
		if name == "" || p.query.defined[name] {
			return nil, problem(t, "Each group needs a name that is not defined yet: %s", t.text)
		}
		p.query.defined[name] = true
	}
	return names, nil
}
