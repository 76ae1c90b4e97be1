package logs

// maxRemembered is how many lines each half of a memory holds.
const maxRemembered = 50_000

// memory holds values for the lines that were last used. The zero value is ready to use.
type memory[K comparable, V any] struct {
	new, old map[K]V
	lines    int // in new
}

func (m *memory[K, V]) get(key K) (V, bool) {
	if v, ok := m.new[key]; ok {
		return v, true
	}
	v, ok := m.old[key]
	return v, ok
}

// set sets a value, which has so many lines more than before.
func (m *memory[K, V]) set(key K, value V, lines int) {
	if m.new == nil || m.lines >= maxRemembered {
		m.old, m.new, m.lines = m.new, make(map[K]V, len(m.new)), 0
	}
	m.new[key] = value
	m.lines += lines
}
