// Package awsquery implements the server side of AWS's Query protocol: a form names the operation and its parameters, and the response is XML.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
package awsquery

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// Request is one call. It remembers which parameters were read.
type Request struct {
	Action  string
	Version string
	form    url.Values
	read    map[string]bool
}

// Parse reads a request's form.
func Parse(body []byte) (*Request, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, awsapi.Errorf(http.StatusBadRequest, "MalformedQueryString", "the embedded AWS cannot read this request: %s", err)
	}
	return &Request{
		Action: form.Get("Action"), Version: form.Get("Version"), form: form, read: map[string]bool{"Action": true, "Version": true},
	}, nil
}

// Version returns the version of the API that a request's form names, or "". Each service has its own.
func Version(body []byte) string {
	r, err := Parse(body)
	if err != nil {
		return ""
	}
	return r.Version
}

// Operation returns the operation that a request's form names, or "".
func Operation(_ *http.Request, body []byte) string {
	r, err := Parse(body)
	if err != nil {
		return ""
	}
	return r.Action
}

// Text returns a parameter, and whether it is given.
func (r *Request) Text(name string) (value string, given bool) {
	r.read[name] = true
	return r.form.Get(name), r.form.Has(name)
}

// Get returns a parameter, or "" if it is not given.
func (r *Request) Get(name string) string {
	value, _ := r.Text(name)
	return value
}

// Entries returns the beginnings of the names of a map's entries, such as Attributes.entry.1. with its last dot.
func (r *Request) Entries(name string) []string {
	var entries []string
	for n := 1; ; n++ {
		prefix := name + ".entry." + strconv.Itoa(n) + "."
		if !slices.ContainsFunc(r.names(), func(parameter string) bool { return strings.HasPrefix(parameter, prefix) }) {
			return entries
		}
		entries = append(entries, prefix)
	}
}

// Map returns a map of text to text.
func (r *Request) Map(name string) map[string]string {
	entries := make(map[string]string)
	for _, entry := range r.Entries(name) {
		entries[r.Get(entry+"key")] = r.Get(entry + "value")
	}
	return entries
}

// Unread returns the parameters that the operation does not have, sorted: accepting an option and ignoring it would be more lenient than AWS.
func (r *Request) Unread() []string {
	return slices.DeleteFunc(r.names(), func(name string) bool { return r.read[name] })
}

func (r *Request) names() []string {
	names := make([]string, 0, len(r.form))
	for name := range r.form {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
