package awsapi

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxRequest is the largest request that a service reads, in bytes. It is above the limits of all services: the largest is SQS's 1 MiB, which
// JSON escapes can make six times as long.
const maxRequest = 16 << 20

// Operation answers one call. It gets the request's JSON and returns a value to send as JSON.
type Operation func(ctx context.Context, body []byte) (any, error)

// Op returns the Operation that a typed function implements. Requests with members that In does not have are rejected: accepting an
// option and ignoring it would be more lenient than AWS.
func Op[In, Out any](f func(context.Context, *In) (*Out, error)) Operation {
	return func(ctx context.Context, body []byte) (any, error) {
		in := new(In)
		if err := Decode(body, in); err != nil {
			return nil, err
		}
		return f(ctx, in)
	}
}

// jsonReader is a request that can read itself from its usual form, as encoding/json would. It reports false for any other form, and is unchanged then.
type jsonReader interface{ ReadJSON(body []byte) bool }

// jsonAppender is a response that can append itself as JSON.
type jsonAppender interface{ AppendJSON(dst []byte) []byte }

// Decode decodes a request's JSON into in and rejects unknown members. An empty body counts as an empty object.
func Decode(body []byte, in any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if !utf8.Valid(body) { // the decoder would replace invalid bytes silently
		return Errorf(http.StatusBadRequest, "SerializationException", "the request is not UTF-8")
	}
	if fast, ok := in.(jsonReader); ok && fast.ReadJSON(body) {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		return Errorf(http.StatusBadRequest, "SerializationException", "the embedded AWS cannot read this request: %s", err)
	}
	return nil
}

// JSON is a service that uses the protocol awsJson1.0 or awsJson1.1: every call is a POST to / whose X-Amz-Target names the operation.
type JSON struct {
	Target     string // the part of X-Amz-Target before the dot, such as Logs_20140328
	Version    string // "1.0" or "1.1"
	Operations map[string]Operation
}

// ServeHTTP answers one call.
func (s *JSON) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	contentType := "application/x-amz-json-" + s.Version
	target, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	op, known := s.Operations[name]
	if r.Method != http.MethodPost || target != s.Target || !known {
		WriteError(w, contentType, Errorf(http.StatusBadRequest, "UnknownOperationException",
			"the embedded AWS does not implement the operation %q", r.Header.Get("X-Amz-Target")))
		return
	}
	body, err := ReadBody(w, r)
	if err != nil {
		WriteError(w, contentType, err)
		return
	}
	out, err := op(r.Context(), body)
	if err != nil {
		WriteError(w, contentType, err)
		return
	}
	WriteJSON(w, http.StatusOK, contentType, out)
}

// ReadBody reads a request's body. It fails if the body is larger than any service accepts.
func ReadBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, Errorf(http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", "the request exceeds %d bytes", maxRequest)
	}
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	return body, nil
}

// WriteJSON sends v as JSON. A nil pointer is sent as an empty object.
func WriteJSON(w http.ResponseWriter, status int, contentType string, v any) {
	if fast, ok := v.(jsonAppender); ok {
		write(w, status, contentType, fast.AppendJSON(nil))
		return
	}
	body, err := json.Marshal(v)
	if err != nil {
		WriteError(w, contentType, fmt.Errorf("write the response: %w", err))
		return
	}
	if string(body) == "null" {
		body = []byte("{}")
	}
	write(w, status, contentType, body)
}

// WriteError sends err in the form that SDKs read: the code in the body and in X-Amzn-ErrorType, and the query code, if any, in
// X-Amzn-Query-Error.
func WriteError(w http.ResponseWriter, contentType string, err error) {
	e := AsError(err)
	members := map[string]any{"__type": e.Code, "message": e.Message}
	for name, value := range e.Fields {
		members[name] = value
	}
	body, err := json.Marshal(members)
	if err != nil {
		body = []byte(`{"__type":"InternalFailure"}`)
	}
	w.Header().Set("X-Amzn-Errortype", e.Code)
	if e.QueryCode != "" {
		w.Header().Set("X-Amzn-Query-Error", e.QueryCode+";"+e.Fault())
	}
	write(w, e.Status, contentType, body)
}

func write(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body))) // as AWS does; net/http would send a long body in chunks
	if w.Header().Get("X-Amzn-Requestid") == "" {
		w.Header().Set("X-Amzn-Requestid", NewID())
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails only if the client has gone
}

// NewID returns a random UUID, the form of AWS's request, message and mapping IDs.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand crashes the program instead
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
