package awsquery

import (
	"encoding/xml"
	"net/http"
	"strconv"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

const requestID = "X-Amzn-Requestid"

// WriteResult sends the result of an operation: a struct whose fields are the elements, or nil if it returns nothing.
func WriteResult(w http.ResponseWriter, namespace, action string, result any) {
	type metadata struct {
		RequestID string `xml:"RequestId"`
	}
	var body []byte
	for _, part := range []struct {
		name  string
		value any
	}{{action + "Result", result}, {"ResponseMetadata", metadata{RequestID: w.Header().Get(requestID)}}} {
		if part.value == nil {
			continue
		}
		encoded, err := xml.Marshal(element{name: part.name, value: part.value})
		if err != nil {
			WriteError(w, namespace, err)
			return
		}
		body = append(body, encoded...)
	}
	start, end := "<"+action+"Response xmlns=\""+namespace+"\">", "</"+action+"Response>"
	write(w, http.StatusOK, []byte(start+string(body)+end))
}

// element is a value under a name that is not its type's.
type element struct {
	name  string
	value any
}

// MarshalXML writes the value under its name.
func (e element) MarshalXML(encoder *xml.Encoder, _ xml.StartElement) error {
	return encoder.EncodeElement(e.value, xml.StartElement{Name: xml.Name{Local: e.name}})
}

type errorResponse struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

// WriteError sends err.
func WriteError(w http.ResponseWriter, namespace string, err error) {
	e := awsapi.AsError(err)
	body, err := xml.Marshal(errorResponse{
		Namespace: namespace, Type: e.Fault(), Code: e.Code, Message: e.Message, RequestID: w.Header().Get(requestID),
	})
	status := e.Status
	if err != nil { // cannot happen: all fields are text
		status, body = http.StatusInternalServerError, nil
	}
	write(w, status, body)
}

func write(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails only if the client has gone
}
