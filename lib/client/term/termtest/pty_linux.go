// Package termtest gives tests a pseudo-terminal.
package termtest

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// patience is how long Await waits, on a busy machine too.
const patience = 2 * time.Minute

// Terminal is a pseudo-terminal. Its methods are for the test's goroutine only.
type Terminal struct {
	Program *os.File // stdin, stdout and stderr of the program under test

	t       *testing.T
	person  *os.File      // the other side, with the keyboard and the screen
	chunks  <-chan string // chunks of the output; closed after Program is
	printed strings.Builder
}

// Open opens a pseudo-terminal, and closes it when the test ends. It skips the test where there are no pseudo-terminals.
func Open(t *testing.T) *Terminal {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	var number, unlocked uint32
	control(t, person, syscall.TIOCSPTLCK, &unlocked)
	control(t, person, syscall.TIOCGPTN, &number)
	program, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return &Terminal{Program: program, t: t, person: person, chunks: read(person)}
}

// Resize gives the terminal a size in characters. A new one has none.
func (p *Terminal) Resize(columns, rows uint16) {
	p.t.Helper()
	size := struct{ rows, columns, width, height uint16 }{rows: rows, columns: columns}
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, p.person.Fd(), syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&size))); errno != 0 {
		p.t.Fatal(errno)
	}
}

// read reads until the program's side is closed, which Linux reports as an error.
func read(f *os.File) <-chan string {
	chunks := make(chan string, 1<<10) // the test may not read them all
	go func() {
		defer close(chunks)
		for {
			b := make([]byte, 4096)
			n, err := f.Read(b)
			if err != nil {
				return
			}
			chunks <- string(b[:n])
		}
	}()
	return chunks
}

// Type types text on the keyboard. The terminal echoes it, so it appears in the output.
func (p *Terminal) Type(text string) {
	p.t.Helper()
	if _, err := p.person.WriteString(text); err != nil {
		p.t.Fatal(err)
	}
}

// Await returns when text has been printed, and fails the test if it is not.
func (p *Terminal) Await(text string) {
	p.t.Helper()
	late := time.After(patience)
	for !strings.Contains(p.printed.String(), text) {
		select {
		case chunk, open := <-p.chunks:
			if !open {
				p.t.Fatalf("%q was not printed, but %q", text, p.printed.String())
			}
			p.printed.WriteString(chunk)
		case <-late:
			p.t.Fatalf("%q was not printed within %s, but %q", text, patience, p.printed.String())
		}
	}
}

// Finish closes the program's side, and returns all that was printed. Its lines end with \r\n.
func (p *Terminal) Finish() string {
	p.Program.Close()
	for chunk := range p.chunks {
		p.printed.WriteString(chunk)
	}
	return p.printed.String()
}

func control(t *testing.T, f *os.File, request uintptr, value *uint32) {
	t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(value))); errno != 0 {
		t.Fatal(errno)
	}
}
