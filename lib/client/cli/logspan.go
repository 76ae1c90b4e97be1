package cli

import (
	"slices"

	"github.com/fatih/color"
)

// span is a part of a line's text with a style, from one byte to before another.
type span struct {
	start, end int
	style      style
}

// spans collects spans of a text, from its start to its end.
type spans struct {
	text string
	all  []span
}

// add adds a span. Empty ones are left out.
func (s *spans) add(start, end int, look ...color.Attribute) {
	if start < end && len(look) > 0 {
		s.all = append(s.all, span{start: start, end: end, style: look})
	}
}

// groups adds a span for each group of a match, as regexp's SubmatchIndex methods return it. A nil style leaves the group as it is.
func (s *spans) groups(match []int, looks ...style) {
	for i, look := range looks {
		if from := 2 * (i + 1); from+1 < len(match) && match[from] >= 0 {
			s.add(match[from], match[from+1], look...)
		}
	}
}

// highlighted returns the spans with matches, from one byte to before another, on top of them: those are in reverse as well.
func highlighted(all []span, matches [][]int) []span {
	var cuts []int
	for _, m := range matches {
		cuts = append(cuts, m...)
	}
	for _, s := range all {
		cuts = append(cuts, s.start, s.end)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var found []span
	for i := 1; i < len(cuts); i++ {
		part := span{start: cuts[i-1], end: cuts[i]}
		for _, s := range all {
			if s.start <= part.start && part.end <= s.end {
				part.style = s.style
			}
		}
		if slices.ContainsFunc(matches, func(m []int) bool { return m[0] <= part.start && part.end <= m[1] }) {
			part.style = append(slices.Clone(part.style), color.ReverseVideo)
		}
		if part.style != nil {
			found = append(found, part)
		}
	}
	return found
}
