package simulate

import (
	"bytes"
	"time"

	"heroku-drains/lib/client/delivery"
)

// Source makes lines: syslog messages as Logplex sends them in a frame, such as logplex.AppendLine writes. *Generator is one. It is called by one
// goroutine at a time.
type Source interface {
	// Next returns the next line, whose time is at or little later.
	Next(at time.Time) []byte
}

// Mode is how Heroku delivers an app's lines.
type Mode int

// The modes.
const (
	Cedar Mode = iota // by Logplex: the apps of the Common Runtime
	Space             // by log-shuttle, without Logplex: the apps of a Private Space whose drain is the space's
)

// line returns a line as it is sent in a mode. log-shuttle names another host than Logplex, and writes a NILVALUE for STRUCTURED-DATA.
func (m Mode) line(raw []byte) []byte {
	fields := bytes.SplitN(raw, []byte(" "), 7) // PRI and version, time, host, source, process, message id, message
	if m != Space || len(fields) < 7 {
		return raw
	}
	fields[2], fields[5] = []byte("shuttle"), []byte("- -")
	return bytes.Join(fields, []byte(" "))
}

// Options is how a Logplex makes and delivers lines.
type Options struct {
	// Nodes is the number of Logplex nodes, or of log-shuttles in space mode, each with a buffer and a connection of its own for each drain. 1 if 0.
	Nodes int
	Mode  Mode    //
	Rate  float64 // lines per second; 0 for as fast as the buffers empty, so that none overflows
	Lines int     // make no more than this many lines; 0 for no limit
	// Duration is how long lines are made; 0 for no limit.
	Duration time.Duration
	// Ledger records each line. Without one, nothing is recorded.
	Ledger *Ledger
	// Report is called after each batch, from several goroutines.
	Report func(Subscription, delivery.Result)
	// Timeout is how long a try waits for a response. If 0, it is Heroku's 5 seconds.
	Timeout time.Duration
	// DropUnreachable makes a failed connect count as a try, so that a drain that cannot be reached ends a run. Logplex keeps connecting instead,
	// while the buffer overflows.
	DropUnreachable bool
	// Dial opens connections; nil for those over the network.
	Dial delivery.DialFunc
}
