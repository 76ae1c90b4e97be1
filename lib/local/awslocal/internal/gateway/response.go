package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// response is a function's response in payload format 2.0, ready to be sent.
type response struct {
	status  int
	headers map[string]string
	cookies []string
	body    []byte
}

// structured is the response of a function that returns a statusCode. Other members, such as multiValueHeaders of format 1.0, are
// ignored.
type structured struct {
	StatusCode      *int
	Headers         map[string]string
	Cookies         []string
	Body            string
	IsBase64Encoded bool
}

// parseResponse parses what a function returned. If it has no statusCode, the whole result becomes a JSON body with status 200.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.v2
func parseResponse(result []byte) (*response, error) {
	result = bytes.TrimSpace(result)
	if !json.Valid(result) {
		return nil, errors.New("the function's response is not JSON")
	}
	var members map[string]json.RawMessage
	_ = json.Unmarshal(result, &members) // stays empty unless result is an object
	if _, given := members["statusCode"]; !given {
		return inferred(result), nil
	}
	var s structured
	// One by one, because a struct would also take "Body" for "body".
	for name, value := range map[string]any{
		"statusCode": &s.StatusCode, "headers": &s.Headers, "cookies": &s.Cookies, "body": &s.Body, "isBase64Encoded": &s.IsBase64Encoded,
	} {
		raw, given := members[name]
		if !given {
			continue
		}
		if err := json.Unmarshal(raw, value); err != nil {
			return nil, fmt.Errorf("read the function's response: %s: %w", name, err)
		}
	}
	if s.StatusCode == nil || *s.StatusCode < 100 || *s.StatusCode > 599 {
		return nil, fmt.Errorf("the function's statusCode is not an HTTP status: %s", members["statusCode"])
	}
	out := &response{status: *s.StatusCode, headers: s.Headers, cookies: s.Cookies, body: []byte(s.Body)}
	if s.IsBase64Encoded {
		body, err := base64.StdEncoding.DecodeString(s.Body)
		if err != nil {
			return nil, fmt.Errorf("decode the function's body: %w", err)
		}
		out.body = body
	}
	return out, nil
}

// inferred returns the response for a result without a statusCode. A string becomes the body without its quotes.
func inferred(result []byte) *response {
	body := result
	var text string
	if json.Unmarshal(result, &text) == nil && result[0] == '"' {
		body = []byte(text)
	}
	return &response{status: http.StatusOK, headers: map[string]string{"content-type": "application/json"}, body: body}
}

// ownHeaders lists the headers that only the gateway sets. Its responses have a Content-Length and are never chunked.
var ownHeaders = []string{"Apigw-Requestid", "Connection", "Content-Length", "Transfer-Encoding"}

func (a *response) write(w http.ResponseWriter) {
	h := w.Header()
	for name, value := range a.headers {
		if !slices.Contains(ownHeaders, http.CanonicalHeaderKey(name)) {
			h.Set(name, value)
		}
	}
	for _, cookie := range a.cookies {
		h.Add("Set-Cookie", cookie)
	}
	if h.Get("Content-Type") == "" && len(a.body) > 0 {
		h.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // fails only if the client has gone
}
