package alert

import "encoding/binary"

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
	blockBits = 13 // few enough for the processor's first cache
	blocks    = 1 << blockBits
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
		padded := []byte(" " + text)
		for end := blockSize - 1; end < f.size; end++ {
			b := block(padded, end+1)
			f.shift[b] = min(f.shift[b], uint8(min(255, f.size-1-end)))
			if end == f.size-1 {
				f.next = append(f.next, f.first[b])
				f.first[b] = uint16(n) + 1
			}
		}
	}
}

// block returns an index for the three bytes of a text that end at a position, the same for both cases of letters. Before it, the text has at
// least one byte more, so that one access reads them all.
func block(text []byte, end int) uint32 {
	const (
		letters = 0x1f1f1f   // the bits of letters without their case
		spread  = 0x9e3779b1 // 2^32 divided by the golden ratio: Knuth's multiplicative hashing
	)
	return (binary.LittleEndian.Uint32(text[end-blockSize:]) >> 8 & letters) * spread >> (32 - blockBits)
}

// find adds the targets of the literals in the text to the set, and reports whether there are any. It searches both halves of the text in turns,
// because each step waits for the memory that the one before has read.
func (f *finder) find(text []byte, found bitset) bool {
	if f.size == 0 || len(text) < f.size {
		return false
	}
	middle := max(f.size-1, len(text)/2)
	one, two, any := f.size-1, middle, false
	for one < middle && two < len(text) {
		shiftOne, shiftTwo := int(f.shift[block(text, one)]), int(f.shift[block(text, two)])
		if shiftOne == 0 {
			shiftOne, any = 1, f.look(text, one, found) || any
		}
		if shiftTwo == 0 {
			shiftTwo, any = 1, f.look(text, two, found) || any
		}
		one, two = one+shiftOne, two+shiftTwo
	}
	restOne, restTwo := f.rest(text, one, middle, found), f.rest(text, two, len(text), found)
	return restOne || restTwo || any
}

// rest searches the part of the text between two positions.
func (f *finder) rest(text []byte, from, to int, found bitset) (any bool) {
	for from < to {
		shift := int(f.shift[block(text, from)])
		if shift == 0 {
			shift, any = 1, f.look(text, from, found) || any
		}
		from += shift
	}
	return any
}

// look adds the targets of the literals to the set whose first bytes end at a position of the text.
func (f *finder) look(text []byte, end int, found bitset) (any bool) {
	for n := f.first[block(text, end)]; n > 0; n = f.next[n-1] {
		if hasPrefixFold(text[end-f.size+1:], f.texts[n-1]) {
			found.add(f.targets[n-1])
			any = true
		}
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
