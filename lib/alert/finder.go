package alert

// finder finds which of many literals a text contains, in one pass that looks at a fraction of the text's bytes: the algorithm of Wu and Manber,
// "A fast algorithm for multi-pattern searching", 1994, with blocks of two bytes. It compares without regard to the case of ASCII letters, and
// may report a literal that differs in a few other bits, because what it finds is only worth a closer look.
type finder struct {
	size    int             // of the shortest literal
	shift   [1 << 12]uint8  // by block: how far the next match's end is at least
	first   [1 << 12]uint16 // by block: the number, from 1, of a literal whose first size bytes end in it
	next    []uint16        // by literal: the number of another one of the same block
	texts   []string
	targets []uint16 // by literal
}

// newFinder returns a finder. Each literal has a target, which find reports.
func newFinder() *finder { return &finder{} }

// add adds a literal, which must be at least two bytes long.
func (f *finder) add(literal string, target uint16) {
	f.texts = append(f.texts, literal)
	f.targets = append(f.targets, target)
}

// prepare makes the finder ready, after the last literal was added.
func (f *finder) prepare() {
	f.size = shortest(f.texts)
	for i := range f.shift {
		f.shift[i] = uint8(min(255, max(0, f.size-1)))
	}
	for n, text := range f.texts {
		for end := 1; end < f.size; end++ {
			b := block(text[end-1], text[end])
			f.shift[b] = min(f.shift[b], uint8(min(255, f.size-1-end)))
		}
		b := block(text[f.size-2], text[f.size-1])
		f.next = append(f.next, f.first[b])
		f.first[b] = uint16(n) + 1
	}
}

// block returns an index for two bytes, the same for both cases of letters.
func block(first, second byte) int {
	return (int(first|0x20)<<4 ^ int(second|0x20)) & (1<<12 - 1)
}

// find adds the targets of the literals in the text to the set.
func (f *finder) find(text []byte, found bitset) (any bool) {
	if f.size == 0 {
		return false
	}
	for end := f.size - 1; end < len(text); {
		b := block(text[end-1], text[end])
		if shift := int(f.shift[b]); shift > 0 {
			end += shift
			continue
		}
		for n := f.first[b]; n > 0; n = f.next[n-1] {
			if hasPrefixFold(text[end-f.size+1:], f.texts[n-1]) {
				found.add(f.targets[n-1])
				any = true
			}
		}
		end++
	}
	return any
}

// hasPrefixFold reports whether a text begins with a literal, as finder compares.
func hasPrefixFold(text []byte, literal string) bool {
	if len(text) < len(literal) {
		return false
	}
	for i := range len(literal) {
		if text[i]|0x20 != literal[i]|0x20 {
			return false
		}
	}
	return true
}

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(size int) bitset { return make(bitset, (size+63)/64) }

func (s bitset) add(n uint16) { s[n/64] |= 1 << (n % 64) }

func (s bitset) has(n int) bool { return s[n/64]&(1<<(n%64)) != 0 }
