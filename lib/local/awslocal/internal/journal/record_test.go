package journal

import (
	"bytes"
	"testing"
)

// FuzzRecords reads arbitrary bytes, with no file in between. What is read, written again, must be what there was.
func FuzzRecords(f *testing.F) {
	two, err := encode([]Entity{keep{"a"}, Gone("b")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(two)
	f.Add(append(bytes.Clone(two), two[:9]...))
	f.Fuzz(func(t *testing.T, data []byte) {
		var again []byte
		whole, err := readRecords(data, func(payload []byte) error {
			record := append(newRecord(), payload...)
			seal(record)
			again = append(again, record...)
			return decode(payload, func(key string, state []byte) {
				if len(key)+len(state) > len(payload) {
					t.Fatalf("%d bytes of key and state in a payload of %d", len(key)+len(state), len(payload))
				}
			})
		})
		if whole > len(data) || err == nil && !bytes.Equal(again, data[:whole]) {
			t.Fatalf("read %d of %d bytes, which are others when they are written again", whole, len(data))
		}
	})
}

// keep is an entity that is its own state.
type keep struct{ ID string }

func (k keep) Key() string { return k.ID }
func (k keep) Record() any { return k }
