package simulate

import (
	"fmt"
	"time"
)

// routed generates the line of a request that the router passed to a dyno: https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format
func routed(g *Generator, at time.Time) [][]byte {
	method, path, status := "GET", g.path(), 200
	switch g.rng.IntN(8) {
	case 0:
		method, path, status = "POST", "/cart", 303
	case 1:
		status = 404
	case 2:
		status = 304
	}
	text := fmt.Sprintf("at=info method=%s %s dyno=%s connect=%dms service=%dms status=%d bytes=%d protocol=%s\n",
		method, g.request(path), g.webProcess(), g.between(0, 3), g.between(2, 480), status, g.between(120, 48_000), g.protocol())
	return single(router().message(at, text))
}

// routedError generates the line of a request that failed with one of Heroku's H codes: https://devcenter.heroku.com/articles/error-codes.
// Some of them have no dyno or no times, or say which side disconnected.
func routedError(g *Generator, at time.Time) [][]byte {
	request, web := "method=GET "+g.request(g.path()), g.webProcess()
	var text string
	switch g.rng.IntN(5) {
	case 0, 1:
		text = fmt.Sprintf(`at=error code=H12 desc="Request timeout" %s dyno=%s connect=1ms service=30000ms status=503 bytes=0 protocol=https`,
			request, web)
	case 2:
		text = fmt.Sprintf(`at=error code=H18 desc="Server Request Interrupted" %s dyno=%s connect=0ms service=%dms status=503 bytes=0 `+
			`protocol=https sock=backend`, request, web, g.between(3, 900))
	case 3:
		text = fmt.Sprintf(`at=error code=H10 desc="App crashed" %s dyno= connect= service= status=503 bytes= protocol=https`, request)
	case 4:
		text = fmt.Sprintf(`sock=client at=warning code=H27 desc="Client Request Interrupted" %s dyno=%s connect=0ms service=%dms status=499 `+
			`bytes=0 protocol=https`, request, web, g.between(3, 9000))
	}
	return single(router().message(at, text+"\n"))
}

// request returns the fields that describe the request and its client.
func (g *Generator) request(path string) string {
	return fmt.Sprintf("path=%q host=%s.example.com request_id=%s fwd=%q", path, g.app, g.uuid(), g.client())
}

// path returns a path. Some are hard to parse: with a quoted quote, text like a field, or a code in the query.
func (g *Generator) path() string {
	return g.pick("/", "/products", fmt.Sprintf("/products/%d", g.between(1, 999)), "/cart", "/login", "/assets/application.css",
		"/search?q=red+shoes&page=2", "/search?q=code=H12", `/search?q="teapot" status=418`)
}

// client returns an address of the blocks reserved for documentation (RFC 5737), sometimes with that of a proxy.
func (g *Generator) client() string {
	address := fmt.Sprintf("203.0.113.%d", g.between(1, 254))
	if g.rng.IntN(6) == 0 {
		return fmt.Sprintf("198.51.100.%d, %s", g.between(1, 254), address)
	}
	return address
}

// protocol returns the protocol as the older router writes it, or as Router 2.0 does, with the TLS version.
func (g *Generator) protocol() string {
	return g.pick("https", "http", "http1.1 tls=true tls_version=tls1.3", "http2.0 tls=true tls_version=tls1.3")
}

// failed generates the message of a request that the router answered with an error.
func failed(g *Generator, at time.Time, code, desc, process, rest string) []byte {
	return router().message(at, fmt.Sprintf("at=error code=%s desc=%q method=GET %s dyno=%s %s protocol=https\n",
		code, desc, g.request(g.slowPath()), process, rest))
}

// slowPath returns a path of which some occur more often than others.
func (g *Generator) slowPath() string {
	return g.pick("/checkout", "/checkout", "/checkout", "/cart", "/cart", fmt.Sprintf("/products/%d", g.between(1, 20)))
}
