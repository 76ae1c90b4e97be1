package delivery

import (
	"crypto/md5"
	"fmt"

	"heroku-drains/lib/logplex"
)

// Limits of one POST in Logplex's last public source (logplex_http_drain.erl, logplex.app.src).
const (
	MaxBytes = 102_400 // the body size that Logplex fills a batch to; a larger message is sent on its own
	MaxLines = 1024    // Logplex's whole buffer for a drain
)

// Batch is the content of one POST to a drain.
type Batch struct {
	FrameID  string   // see FrameID; the same in every try
	Messages [][]byte // syslog lines, as logplex.AppendLine writes them
}

// FrameID returns an id for a batch in Logplex's form, 32 upper-case hexadecimal digits. It is a hash of key, which must differ from batch to
// batch: a drain treats a batch with a known id as a retry. Logplex hashes its process and the time.
func FrameID(key string) string {
	return fmt.Sprintf("%X", md5.Sum([]byte(key)))
}

// body returns the messages as the body of a POST: one frame after the other, with nothing in between.
func body(messages [][]byte) []byte {
	var b []byte
	for _, m := range messages {
		b = logplex.AppendFrame(b, m)
	}
	return b
}
