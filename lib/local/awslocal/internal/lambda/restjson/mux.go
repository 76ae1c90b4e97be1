package restjson

import (
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

const contentType = "application/json"

// Mux dispatches requests to operations by method and path. The zero value is not usable; call NewMux.
type Mux struct {
	routes     *http.ServeMux
	operations map[string]string // pattern -> operation
}

// NewMux returns a Mux without operations.
func NewMux() *Mux {
	return &Mux{routes: http.NewServeMux(), operations: make(map[string]string)}
}

// Handle adds an operation, such as "GetFunction" at "GET /2015-03-31/functions/{FunctionName}".
func (m *Mux) Handle(operation, pattern string, h http.Handler) {
	m.routes.Handle(pattern, h)
	m.operations[pattern] = operation
}

// Operation returns the name of the operation that a request is for, or "" if there is none.
func (m *Mux) Operation(r *http.Request) string {
	_, pattern := m.routes.Handler(r)
	return m.operations[pattern]
}

// ServeHTTP dispatches a request. It sends an UnknownOperationException if the request is for none of the operations.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if m.Operation(r) == "" {
		WriteError(w, awsapi.Errorf(http.StatusNotFound, "UnknownOperationException",
			"the embedded AWS does not implement the operation %s %s", r.Method, r.URL.Path))
		return
	}
	m.routes.ServeHTTP(w, r)
}

// Op returns a handler that sends the result of a function as JSON, with a status. With http.StatusNoContent, it sends no body.
func Op(status int, f func(r *http.Request, body []byte) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := awsapi.ReadBody(w, r)
		if err != nil {
			WriteError(w, err)
			return
		}
		out, err := f(r, body)
		switch {
		case err != nil:
			WriteError(w, err)
		case status == http.StatusNoContent:
			w.WriteHeader(status)
		default:
			awsapi.WriteJSON(w, status, contentType, out)
		}
	})
}

// WriteError sends err in the form that Lambda uses.
func WriteError(w http.ResponseWriter, err error) {
	awsapi.WriteError(w, contentType, err)
}
