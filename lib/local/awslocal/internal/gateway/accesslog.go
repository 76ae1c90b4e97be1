package gateway

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// accessLog writes a line for each request.
type accessLog struct {
	format string
	write  func(line string) // nil: nothing is written
}

// variable matches the variables in a format.
var variable = regexp.MustCompile(`\$context\.[A-Za-z.]+`)

// SetAccessLog lets write have a line for each request, in a format with variables such as $context.status. It fails if the format has a variable that is
// not implemented. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
func (g *Gateway) SetAccessLog(format string, write func(line string)) error {
	example := exchange{request: &http.Request{URL: &url.URL{}}}
	for _, name := range variable.FindAllString(format, -1) {
		if _, known := example.variable(name); !known {
			return fmt.Errorf("the embedded AWS does not implement the variable %s of access logs", name)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.log = accessLog{format: format, write: write}
	return nil
}

func (l *accessLog) line(x *exchange) string {
	return variable.ReplaceAllStringFunc(l.format, func(name string) string {
		value, _ := x.variable(name)
		if value == "" {
			return "-" // as on AWS
		}
		return value
	})
}

// variable returns the value of a variable, and whether it is implemented.
func (x *exchange) variable(name string) (value string, known bool) {
	r := x.request
	switch name {
	case "$context.requestId":
		return x.id, true
	case "$context.identity.sourceIp":
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		return host, true
	case "$context.identity.userArn":
		return x.user, true
	case "$context.httpMethod":
		return r.Method, true
	case "$context.path":
		return r.URL.Path, true
	case "$context.protocol":
		return r.Proto, true
	case "$context.routeKey":
		return x.route, true
	case "$context.status":
		return strconv.Itoa(x.status), true
	case "$context.responseLength":
		return strconv.Itoa(x.answered), true
	case "$context.responseLatency":
		return strconv.FormatInt(time.Since(x.began).Milliseconds(), 10), true
	case "$context.error.message":
		if x.refused == nil {
			return "", true
		}
		return http.StatusText(x.status), true
	case "$context.integrationErrorMessage":
		if x.refused == nil || x.refused.cause == nil || x.route == "" {
			return "", true
		}
		return x.refused.cause.Error(), true
	}
	return "", false
}
