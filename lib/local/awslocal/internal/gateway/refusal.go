package gateway

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// refusal is an error response of the gateway itself, not of a function.
type refusal struct {
	status int
	cause  error // logged but not sent; may be nil
}

// Error returns the status and its text, which the client gets.
func (r refusal) Error() string {
	return strconv.Itoa(r.status) + " " + http.StatusText(r.status)
}

// Unwrap returns the cause.
func (r refusal) Unwrap() error {
	return r.cause
}

// refusalOf returns the refusal for an error. One that is not a refusal is sent with status 500.
func refusalOf(err error) refusal {
	refused, ok := errors.AsType[refusal](err)
	if !ok {
		refused = refusal{status: http.StatusInternalServerError, cause: err}
	}
	return refused
}

// refuse sends {"message":"…"}.
func (g *Gateway) refuse(w http.ResponseWriter, r *http.Request, refused refusal) {
	g.config.Log.Debug("request refused", "method", r.Method, "path", r.URL.Path, "status", refused.status, "cause", refused.cause)
	if refused.status == http.StatusForbidden {
		w.Header().Set("X-Amzn-Errortype", "ForbiddenException")
	}
	WriteMessage(w, refused.status, http.StatusText(refused.status))
}

// WriteMessage sends {"message":"…"}, the form of all of the gateway's own responses.
func WriteMessage(w http.ResponseWriter, status int, message string) {
	body, err := json.Marshal(map[string]string{"message": message})
	if err != nil {
		body = []byte("{}") // cannot happen: strings always marshal
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails only if the client has gone
}
