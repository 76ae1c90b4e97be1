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

// maxRequest is what a JSON service reads of one request: above the largest limit of any service here (SQS's 1 MiB, escaped sixfold).
const maxRequest = 16 << 20

// Operation answers one call: the request's JSON in, the value of the answer's JSON out.
type Operation func(ctx context.Context, body []byte) (any, error)

// Op makes an Operation of a typed function. A member that In does not have is turned down: to take an option and do nothing
// about it would be laxer than AWS.
func Op[In, Out any](f func(context.Context, *In) (*Out, error)) Operation {
	return func(ctx context.Context, body []byte) (any, error) {
		in := new(In)
		if err := Decode(body, in); err != nil {
			return nil, err
		}
		return f(ctx, in)
	}
}

// Decode reads a request's JSON strictly. An empty body is an empty object.
func Decode(body []byte, in any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if !utf8.Valid(body) { // which the decoder would replace in silence
		return Errorf(http.StatusBadRequest, "SerializationException", "the request is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		return Errorf(http.StatusBadRequest, "SerializationException", "the embedded AWS cannot read this request: %s", err)
	}
	return nil
}

// JSON is a service of the protocols awsJson1.0 and awsJson1.1: every call is a POST to / whose X-Amz-Target names the operation.
type JSON struct {
	Target     string // what stands before the dot in X-Amz-Target, such as Logs_20140328
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
			"the embedded AWS has no operation %q", r.Header.Get("X-Amz-Target")))
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

// ReadBody reads a whole request, up to a size that no service here accepts.
func ReadBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, Errorf(http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", "the request exceeds %d bytes", maxRequest)
	}
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	return body, nil
}

// WriteJSON answers with v as JSON; a nil pointer is an empty object.
func WriteJSON(w http.ResponseWriter, status int, contentType string, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		WriteError(w, contentType, fmt.Errorf("write the answer: %w", err))
		return
	}
	if string(body) == "null" {
		body = []byte("{}")
	}
	write(w, status, contentType, body)
}

// WriteError answers with err in the form the SDKs read: type in the body and in X-Amzn-ErrorType, the query code where there is one.
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
		fault := "Sender"
		if e.Status >= http.StatusInternalServerError {
			fault = "Receiver"
		}
		w.Header().Set("X-Amzn-Query-Error", e.QueryCode+";"+fault)
	}
	write(w, e.Status, contentType, body)
}

func write(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body))) // as AWS does: Go would send a long body in chunks
	if w.Header().Get("X-Amzn-Requestid") == "" {
		w.Header().Set("X-Amzn-Requestid", NewID())
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone; nobody is left to tell
}

// NewID makes a random UUID, the form of AWS's request, message and mapping ids.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
