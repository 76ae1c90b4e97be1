//go:build !linux

package localtest

import (
	"net"
	"testing"
)

// ReserveAddress returns a free address of this machine. Connections to it are refused until the test listens there, which it can do again and again.
// Only Linux lets a socket that does not listen keep the address: elsewhere, another process may take it.
func ReserveAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	Must(t, err)
	defer listener.Close()
	return listener.Addr().String()
}
