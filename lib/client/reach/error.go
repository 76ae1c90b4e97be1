// Package reach is how the clients here connect: it gives up soon on a host that cannot be reached, and its errors name the host and the cause.
package reach

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// Why says why a host cannot be reached.
type Why string

// The reasons.
const (
	NoSuchHost Why = "no host has this name" // or there is no network, which some resolvers do not distinguish
	NoNetwork  Why = "no network connection"
	Refused    Why = "connection refused"
	Silent     Why = "no answer"
	Untrusted  Why = "its certificate is not trusted"
	Failed     Why = "connection failed"
)

// Error means that no connection to a host could be established, so that it has not seen the request.
type Error struct {
	Host  string // as in the URL, with its port if that is unusual; or a proxy's
	Proxy bool   // Host is the proxy of the environment (HTTPS_PROXY)
	Why   Why
	First bool // the host has not been reached before
	Err   error
}

// Error names the host and the reason.
func (e *Error) Error() string {
	if e.Proxy {
		return "cannot reach the proxy " + e.Host + ": " + e.Reason()
	}
	return "cannot reach " + e.Host + ": " + e.Reason()
}

// Reason returns the reason in words.
func (e *Error) Reason() string {
	switch e.Why {
	case Silent:
		return fmt.Sprintf("no answer within %s", dialTimeout.Round(time.Second))
	case Untrusted:
		return fmt.Sprintf("%s (%v)", e.Why, innermost(e.Err))
	case Failed:
		return innermost(e.Err).Error()
	}
	return string(e.Why)
}

// Unwrap returns the original error.
func (e *Error) Unwrap() error { return e.Err }

// RetryableError tells the AWS SDK not to try again if the host has never been reached: its name is wrong, or there is no network.
func (e *Error) RetryableError() bool { return !e.First }

// Find returns the Error in err. It also recognizes the errors of clients that do not use this package, such as those with which the AWS SDK
// gets credentials. It returns false if err has another cause.
func Find(err error) (*Error, bool) {
	if err == nil {
		return nil, false
	}
	if found, ok := errors.AsType[*Error](err); ok {
		return found, true
	}
	return explain("", err)
}

// explain returns the Error for an error of net/http.
func explain(host string, err error) (*Error, bool) {
	e := &Error{Host: host, Err: err}
	op, isOp := errors.AsType[*net.OpError](err)
	unknown, isDNS := errors.AsType[*net.DNSError](err)
	if isOp && op.Op == "proxyconnect" {
		e.Proxy, e.Host = true, proxyHost(op, host)
	}
	if isOp && e.Host == "" && op.Addr != nil {
		e.Host = op.Addr.String()
	}
	if isDNS && e.Host == "" {
		e.Host = unknown.Name
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case untrusted:
		e.Why = Untrusted
	case isDNS && unknown.IsNotFound:
		e.Why = NoSuchHost
	case isDNS: // the resolver did not answer, or could not
		e.Why = NoNetwork
	case strings.Contains(err.Error(), "TLS handshake timeout"): // net/http exports no type for it
		e.Why = Silent
	case !isOp || op.Op != "dial" && op.Op != "proxyconnect":
		return nil, false
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Why = Refused
	case errors.Is(err, os.ErrDeadlineExceeded) || op.Timeout():
		e.Why = Silent
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN):
		e.Why = NoNetwork
	default:
		e.Why = Failed
	}
	return e, true
}

// proxyHost returns the address of the proxy to which op failed to connect.
func proxyHost(op *net.OpError, host string) string {
	if dial, ok := errors.AsType[*net.OpError](op.Err); ok && dial.Addr != nil {
		return dial.Addr.String()
	}
	if unknown, ok := errors.AsType[*net.DNSError](op.Err); ok {
		return unknown.Name
	}
	return host
}

// innermost returns the error at the end of the chain.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
