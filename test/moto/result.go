package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
)

// disagreement is a way in which answers differ.
type disagreement struct{ service, operation, kind string }

// occurrence says how often and where a disagreement occurred.
type occurrence struct {
	calls int
	first string // file and number of the call
}

// result is what replays have found.
type result struct {
	recordings, compared, notComparable int
	byKind                              map[disagreement]*occurrence
}

func (r *result) add(d disagreement, where string) {
	o := r.byKind[d]
	if o == nil {
		o = &occurrence{first: where}
		r.byKind[d] = o
	}
	o.calls++
}

// print prints all disagreements with their verdicts, and returns how many have none.
func (r *result) print(w io.Writer) (unjudged int) {
	all := slices.SortedFunc(maps.Keys(r.byKind), func(a, b disagreement) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.operation, b.operation), cmp.Compare(a.kind, b.kind))
	})
	for _, d := range all {
		o := r.byKind[d]
		v, judged := judge(d)
		if !judged {
			unjudged++
			v.right = "NOT JUDGED, first in " + o.first
		}
		fmt.Fprintf(w, "%s %s: %s (%d calls): %s\n", d.service, d.operation, d.kind, o.calls, v)
	}
	fmt.Fprintf(w, "%d calls of %d servers compared, %d not comparable, %d kinds of disagreements, %d not judged\n",
		r.compared, r.recordings, r.notComparable, len(all), unjudged)
	return unjudged
}
