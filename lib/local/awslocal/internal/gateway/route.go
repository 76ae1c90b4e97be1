package gateway

import (
	"fmt"
	"net/http"
	"strings"
)

// Route sends requests to a function.
type Route struct {
	Key      string // method and path, such as "PUT /drains/{app}"; the method may be ANY; {name} matches one segment
	IAM      bool   // requires requests to be signed (SigV4, service execute-api)
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
		return route{}, fmt.Errorf(`route %q: the key must be a method and a path, such as "GET /drains/{app}"`, r.Key)
	}
	if strings.Contains(path, "+}") {
		return route{}, fmt.Errorf("route %q: greedy parameters are not supported", r.Key)
	}
	return route{Route: r, method: method, segments: strings.Split(path, "/")}, nil
}

// match returns the most specific route for a request and its path parameters, or nil if no route matches.
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
		parameters, ok := candidate.match(segments)
		if ok && (best == nil || candidate.moreSpecific(best)) {
			best, bestParameters = candidate, parameters
		}
	}
	return best, bestParameters
}

// match reports whether the route matches a path, and returns the path's parameters.
func (r *route) match(segments []string) (map[string]string, bool) {
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

// moreSpecific reports whether r comes before another route that matches the same path: the route that is literal where they first
// differ, and of equal paths the one that names the method.
func (r *route) moreSpecific(other *route) bool {
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
