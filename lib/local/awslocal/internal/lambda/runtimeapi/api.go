package runtimeapi

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// MaxResponse is the maximum size of a function's response in bytes: 6 MB and 100 bytes, as in Lambda's error message.
const MaxResponse = 6*1024*1024 + 100

// handler returns the handler of the Runtime API, version 2018-06-01.
func (e *environment) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", e.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", e.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", e.failed)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", e.initFailed)
	return mux
}

// next waits for the next invocation and sends it to the process.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	busy := e.current != nil
	e.polled = true
	e.mu.Unlock()
	if busy {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the current invocation has not been answered")
		return
	}
	select {
	case j := <-e.jobs:
		e.mu.Lock()
		e.current = j
		e.mu.Unlock()
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", j.RequestID)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(j.Timeout).UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", j.FunctionARN)
		h.Set("Lambda-Runtime-Trace-Id", j.TraceID)
		_, _ = w.Write(j.Payload) // fails only if the process has ended, which e.wait handles
	case <-r.Context().Done():
	}
}

func (e *environment) response(w http.ResponseWriter, r *http.Request) {
	j := e.takeJob(w, r)
	if j == nil {
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxResponse))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		j.done <- outcome{err: TooLarge()}
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "the response exceeds "+strconv.Itoa(MaxResponse)+" bytes")
		return
	}
	if err != nil {
		return // the process ended while sending the response
	}
	j.done <- outcome{response: body}
	accept(w)
}

func (e *environment) failed(w http.ResponseWriter, r *http.Request) {
	j := e.takeJob(w, r)
	if j == nil {
		return
	}
	body, err := readFailure(w, r)
	if err != nil {
		return
	}
	j.done <- outcome{err: &Failure{Payload: body}}
	accept(w)
}

func (e *environment) initFailed(w http.ResponseWriter, r *http.Request) {
	body, err := readFailure(w, r)
	if err != nil {
		return
	}
	e.mu.Lock()
	e.initFailure = body
	e.mu.Unlock()
	accept(w)
}

// takeJob returns the current invocation if the request answers it, and makes it no longer the current one. Otherwise it sends an error and
// returns nil.
func (e *environment) takeJob(w http.ResponseWriter, r *http.Request) *job {
	e.mu.Lock()
	defer e.mu.Unlock()
	j := e.current
	if j == nil || j.RequestID != r.PathValue("id") {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return nil
	}
	e.current = nil
	return j
}

// readFailure reads the error that a runtime reports. If the error is not JSON, it is wrapped, because it becomes the JSON response to the
// caller.
func readFailure(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxResponse))
	if err != nil {
		return nil, err
	}
	if json.Valid(body) {
		return body, nil
	}
	errorType := r.Header.Get("Lambda-Runtime-Function-Error-Type")
	if errorType == "" {
		errorType = "Runtime.Unknown"
	}
	return Failuref(errorType, "%s", body).Payload, nil
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`)
}

func refuse(w http.ResponseWriter, status int, errorType, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(Failuref(errorType, "%s", message).Payload)
}
