package gateway

import (
	"fmt"
	"net/http"
	"strings"
)

// Route sends requests to a function.
type Route struct {
	Key      string // method and path, such as "PUT /drains/{app}"; the method may be ANY; {name} takes one segment
	IAM      bool   // whether the request must be signed (SigV4, service execute-api)
	Function string // name or ARN
}

type route struct {
	Route
	method   string
	segments []string
}

func parseRoute(r Route) (route, error) {
	method, path, ok := strings.Cut(r.Key, " ")
	if !ok || !strings.HasPrefix(path, "/") {
		return route{}, fmt.Errorf(`route %q: the key must be a method and a path, such as "GET /things/{id}"`, r.Key)
	}
	if strings.Contains(path, "+}") {
		return route{}, fmt.Errorf("route %q: greedy parameters are not supported", r.Key)
	}
	return route{Route: r, method: method, segments: strings.Split(path, "/")}, nil
}

// match finds the route of a request: the one whose segments agree literally the furthest, a method before ANY.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
func match(routes []route, r *http.Request) (*route, map[string]string) {
	var best *route
	var bestParameters map[string]string
	segments := strings.Split(r.URL.Path, "/")
	for i := range routes {
		candidate := &routes[i]
		if candidate.method != r.Method && candidate.method != "ANY" {
			continue
		}
		parameters, ok := candidate.take(segments)
		if ok && (best == nil || candidate.before(best)) {
			best, bestParameters = candidate, parameters
		}
	}
	return best, bestParameters
}

// take matches a path and returns its parameters.
func (r *route) take(segments []string) (map[string]string, bool) {
	if len(segments) != len(r.segments) {
		return nil, false
	}
	parameters := make(map[string]string)
	for i, want := range r.segments {
		name, isParameter := parameter(want)
		switch {
		case isParameter && segments[i] != "":
			parameters[name] = segments[i]
		case want != segments[i]:
			return nil, false
		}
	}
	return parameters, true
}

// before tells whether r is the more specific of two routes that match the same path.
func (r *route) before(other *route) bool {
	for i := range r.segments {
		_, mine := parameter(r.segments[i])
		_, theirs := parameter(other.segments[i])
		if mine != theirs {
			return theirs
		}
	}
	return other.method == "ANY"
}

func parameter(segment string) (name string, ok bool) {
	name, opens := strings.CutPrefix(segment, "{")
	name, closes := strings.CutSuffix(name, "}")
	return name, opens && closes
}
