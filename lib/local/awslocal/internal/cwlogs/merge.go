package cwlogs

import "container/heap"

// merge iterates over the events of several streams in order, forward or backward.
type merge struct {
	backward   bool
	start, end int64 // the first and the last millisecond
	sources    []source
}

// source is a stream with a cursor at its next event.
type source struct {
	*stream
	cursor
}

// newMerge returns a merge that starts after the position from, or before it if backward. If from is nil, it starts at the respective end
// of the range of times.
func newMerge(streams []*stream, backward bool, start, end int64, from *position) *merge {
	m := &merge{backward: backward, start: start, end: end}
	at := startOf(start)
	if backward {
		at = endOf(end)
	}
	if from != nil && backward && from.compare(at) < 0 {
		at = *from
	}
	if from != nil && !backward && from.next().compare(at) > 0 {
		at = from.next()
	}
	seen := make(map[*stream]bool)
	for _, st := range streams {
		src := source{stream: st, cursor: st.events.seek(at)}
		if backward {
			src.backward()
		}
		if !seen[st] && m.inRange(src.event()) {
			m.sources = append(m.sources, src)
		}
		seen[st] = true // a stream may be given twice
	}
	heap.Init(m)
	return m
}

// inRange reports whether e is an event in the range of times. e may be nil.
func (m *merge) inRange(e *event) bool {
	return e != nil && m.start <= e.time && e.time <= m.end
}

// next returns the next event and its stream, or nil if there are no more.
func (m *merge) next() (*stream, *event) {
	if len(m.sources) == 0 {
		return nil, nil
	}
	src := &m.sources[0]
	st, e := src.stream, src.event()
	if m.backward {
		src.cursor.backward()
	} else {
		src.cursor.forward()
	}
	if m.inRange(src.event()) {
		heap.Fix(m, 0)
	} else {
		heap.Pop(m)
	}
	return st, e
}

// Len, Less, Swap, Push and Pop implement heap.Interface. The first source is the one with the next event.
func (m *merge) Len() int { return len(m.sources) }

func (m *merge) Less(i, j int) bool {
	order := m.sources[i].event().compare(m.sources[j].event().position)
	return order < 0 != m.backward
}

func (m *merge) Swap(i, j int) { m.sources[i], m.sources[j] = m.sources[j], m.sources[i] }

func (m *merge) Push(x any) { m.sources = append(m.sources, x.(source)) }

func (m *merge) Pop() any {
	n := len(m.sources) - 1
	src := m.sources[n]
	m.sources = m.sources[:n]
	return src
}
