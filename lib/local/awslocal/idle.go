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

// listen returns a listener whose connections note when a request begins to arrive, which http.Server.ConnState does only when its header has.
func (i *idleConnections) listen(l net.Listener) net.Listener { return watchingListener{l, i} }

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
		c.(*watched).gone = true
		resetConnection(c)
	}
	clear(i.all)
}

type watchingListener struct {
	net.Listener
	idle *idleConnections
}

// Accept implements net.Listener.
func (l watchingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &watched{Conn: c, idle: l.idle}, nil
}

// watched is a connection that is not idle any more once a byte was read, and from which nothing is read once it was reset.
type watched struct {
	net.Conn
	idle *idleConnections
	gone bool // guarded by the lock of idle
}

// Read implements net.Conn.
func (c *watched) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.idle.mu.Lock()
	defer c.idle.mu.Unlock()
	if c.gone {
		return 0, net.ErrClosed
	}
	if n > 0 {
		delete(c.idle.all, net.Conn(c))
	}
	return n, err
}

// resetConnection closes a connection so that the other side gets an RST.
func resetConnection(c net.Conn) {
	if w, ok := c.(*watched); ok {
		c = w.Conn
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // Close then discards what was not sent, and sends an RST
	}
	_ = c.Close()
}
