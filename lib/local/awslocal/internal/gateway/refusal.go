package gateway

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// refusal is an answer of the gateway's own, without the function's doing.
type refusal struct {
	status  int
	message string
	cause   error // for the log; may be nil
}

// Error is what the client is told.
func (r refusal) Error() string {
	return strconv.Itoa(r.status) + " " + r.message
}

// Unwrap is the cause.
func (r refusal) Unwrap() error {
	return r.cause
}

// refuse answers with {"message":"…"}. What is no refusal is the function's fault or the gateway's: 500.
func (g *Gateway) refuse(w http.ResponseWriter, r *http.Request, err error) {
	refused := refusal{http.StatusInternalServerError, "Internal Server Error", err}
	errors.As(err, &refused)
	g.config.Log.Debug("request refused", "method", r.Method, "path", r.URL.Path, "status", refused.status, "cause", refused.cause)
	if refused.status == http.StatusForbidden {
		w.Header().Set("X-Amzn-Errortype", "ForbiddenException")
	}
	WriteMessage(w, refused.status, refused.message)
}

// WriteMessage answers with {"message":"…"}, the form of everything the gateway says itself.
func WriteMessage(w http.ResponseWriter, status int, message string) {
	body, err := json.Marshal(map[string]string{"message": message})
	if err != nil {
		body = []byte("{}") // strings always marshal
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone; nobody is left to tell
}
