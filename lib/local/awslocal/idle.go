package awslocal

import (
	"net"
	"net/http"
	"sync"
)

// idleConnections are the connections that wait for their next request.
type idleConnections struct {
	mu  sync.Mutex
	all map[net.Conn]bool
}

// note is for http.Server.ConnState.
func (i *idleConnections) note(c net.Conn, state http.ConnState) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.all == nil {
		i.all = make(map[net.Conn]bool)
	}
	if state == http.StateIdle {
		i.all[c] = true
	} else {
		delete(i.all, c)
	}
}

// reset resets all of them.
func (i *idleConnections) reset() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for c := range i.all {
		resetConnection(c)
	}
}

// resetConnection closes a connection so that the other side gets an RST.
func resetConnection(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // Close then discards what was not sent, and sends an RST
	}
	_ = c.Close()
}
