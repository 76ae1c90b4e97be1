// Package sts implements the operation GetCallerIdentity of AWS STS, with which tools find out their identity, over the query protocol.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
package sts

import (
	"encoding/xml"
	"net/http"
	"net/url"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

const (
	namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
	version   = "2011-06-15"
)

// Service answers for one account. Every access key is a user of it, named like the key. It is an http.Handler.
type Service struct {
	account awsapi.Account
}

// New returns a Service for an account.
func New(account awsapi.Account) *Service {
	return &Service{account: account}
}

type getCallerIdentityResponse struct {
	XMLName   xml.Name `xml:"GetCallerIdentityResponse"`
	Namespace string   `xml:"xmlns,attr"`
	ARN       string   `xml:"GetCallerIdentityResult>Arn"`
	UserID    string   `xml:"GetCallerIdentityResult>UserId"`
	Account   string   `xml:"GetCallerIdentityResult>Account"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

// ServeHTTP answers one call.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := awsapi.ReadBody(w, r)
	if err != nil {
		WriteError(w, err)
		return
	}
	action := Operation(body)
	form, err := url.ParseQuery(string(body))
	known := r.Method == http.MethodPost && action == "GetCallerIdentity" && form.Get("Version") == version && len(form) == 2
	if err != nil || !known {
		WriteError(w, awsapi.Errorf(http.StatusBadRequest, "InvalidAction",
			"the embedded AWS does not implement the operation %q with these parameters", action))
		return
	}
	id := awsapi.Caller(r.Context())
	write(w, http.StatusOK, getCallerIdentityResponse{
		Namespace: namespace,
		ARN:       s.account.UserARN(id),
		UserID:    id,
		Account:   s.account.ID,
		RequestID: w.Header().Get("X-Amzn-Requestid"),
	})
}

// Operation returns the Action in a request's form, or "" if there is none.
func Operation(body []byte) string {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ""
	}
	return form.Get("Action")
}

type errorResponse struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

// WriteError sends err as XML, in the form of the query protocol.
func WriteError(w http.ResponseWriter, err error) {
	e := awsapi.AsError(err)
	write(w, e.Status, errorResponse{
		Namespace: namespace, Type: e.Fault(), Code: e.Code, Message: e.Message, RequestID: w.Header().Get("X-Amzn-Requestid"),
	})
}

func write(w http.ResponseWriter, status int, v any) {
	body, err := xml.Marshal(v)
	if err != nil { // cannot happen: v consists of strings
		status, body = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails only if the client has gone
}
