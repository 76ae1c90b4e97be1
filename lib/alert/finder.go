package alert

// finder finds which of many literals a text contains, in one pass that looks at a fraction of the text's bytes: the algorithm of Wu and Manber,
// "A fast algorithm for multi-pattern searching", 1994, with blocks of three bytes. It compares without regard to the case of ASCII letters, and
// may report a literal that differs in a few other bits, because what it finds is only worth a closer look.
type finder struct {
	size    int            // of the shortest literal
	shift   [blocks]uint8  // by block: how far the next match's end is at least
	first   [blocks]uint16 // by block: the number, from 1, of a literal whose first size bytes end in it
	next    []uint16       // by literal: the number of another one of the same block
	texts   []string
	targets []uint16 // by literal
}

const (
	blockSize = 3
	blocks    = 1 << 13 // small enough for the processor's first cache
)

// add adds a literal, which must be at least blockSize bytes long. Its target is what find reports.
func (f *finder) add(literal string, target uint16) {
	f.texts = append(f.texts, literal)
	f.targets = append(f.targets, target)
}

// prepare makes the finder ready, after the last literal was added.
func (f *finder) prepare() {
	if f.size = shortest(f.texts); f.size == 0 {
		return
	}
	for i := range f.shift {
		f.shift[i] = uint8(min(255, f.size-blockSize+1))
	}
	for n, text := range f.texts {
		for end := blockSize - 1; end < f.size; end++ {
			b := block(text[end-2], text[end-1], text[end])
			f.shift[b] = min(f.shift[b], uint8(min(255, f.size-1-end)))
			if end == f.size-1 {
				f.next = append(f.next, f.first[b])
				f.first[b] = uint16(n) + 1
			}
		}
	}
}

// block returns an index for three bytes, the same for both cases of letters.
func block(first, second, third byte) uint {
	const letter = 0x1f // the bits of a letter without its case
	return uint(first&letter)<<8 ^ uint(second&letter)<<4 ^ uint(third&letter)
}

// find adds the targets of the literals in the text to the set.
func (f *finder) find(text []byte, found bitset) (any bool) {
	if f.size == 0 {
		return false
	}
	for end := f.size - 1; end < len(text); {
		last := text[end-2 : end+1 : end+1]
		b := block(last[0], last[1], last[2])
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
