package localtest

import (
	"fmt"
	"syscall"
	"testing"
)

// ReserveAddress returns an address of this machine that nobody else gets until the test ends. Connections to it are refused until the test listens there,
// which it can do again and again. A free port that is not reserved may be taken by another test's process at any time.
func ReserveAddress(t testing.TB) string {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	Must(t, err)
	syscall.CloseOnExec(socket)
	t.Cleanup(func() { _ = syscall.Close(socket) })
	// Two sockets may have an address if both say so and at most one of them listens. Listeners of Go do.
	Must(t, syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1))
	Must(t, syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	bound, err := syscall.Getsockname(socket)
	Must(t, err)
	return fmt.Sprintf("127.0.0.1:%d", bound.(*syscall.SockaddrInet4).Port)
}
