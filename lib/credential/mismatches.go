package credential

import "crypto/sha256"

// maxMismatches limits the memory that a stranger can fill by guessing passwords.
const maxMismatches = 1000

// mismatches are passwords that match none of the known keys, such as that of a log drain which someone forgot to remove. They can be rejected
// once a later fetch has returned the same keys again. The zero value is empty.
type mismatches struct {
	confirmed map[[sha256.Size]byte]bool // false: no fetch after the password yet
}

func (m *mismatches) add(app, password string) {
	key := mismatchKey(app, password)
	if _, known := m.confirmed[key]; known {
		return
	}
	if m.confirmed == nil || len(m.confirmed) >= maxMismatches {
		m.confirmed = make(map[[sha256.Size]byte]bool)
	}
	m.confirmed[key] = false
}

// addFetched adds a password that was compared with keys fetched after it arrived.
func (m *mismatches) addFetched(app, password string) {
	m.add(app, password)
	m.confirmed[mismatchKey(app, password)] = true
}

// has reports whether a password was compared with keys fetched after it arrived.
func (m *mismatches) has(app, password string) bool { return m.confirmed[mismatchKey(app, password)] }

// confirm notes that a fetch has returned the same keys again.
func (m *mismatches) confirm() {
	for key := range m.confirmed {
		m.confirmed[key] = true
	}
}

func (m *mismatches) clear() { clear(m.confirmed) }

// mismatchKey identifies a password without keeping it. App names have no NUL.
func mismatchKey(app, password string) [sha256.Size]byte {
	return sha256.Sum256([]byte(app + "\x00" + password))
}
