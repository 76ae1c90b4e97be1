// Package sts implements the operation GetCallerIdentity of AWS STS, with which tools find out their identity, over the query protocol.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
package sts

import (
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/awsquery"
)

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// Version is the version of the API.
const Version = "2011-06-15"

// Service answers for one account. Every access key is a user of it, named like the key. It is an http.Handler.
type Service struct {
	account awsapi.Account
}

// New returns a Service for an account.
func New(account awsapi.Account) *Service {
	return &Service{account: account}
}

type callerIdentity struct {
	Arn     string
	UserId  string
	Account string
}

// ServeHTTP answers one call.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := awsapi.ReadBody(w, r)
	if err != nil {
		WriteError(w, err)
		return
	}
	in, err := awsquery.Parse(body)
	if err != nil {
		WriteError(w, err)
		return
	}
	known := r.Method == http.MethodPost && in.Action == "GetCallerIdentity" && in.Version == Version && len(in.Unread()) == 0
	if !known {
		WriteError(w, awsapi.Errorf(http.StatusBadRequest, "InvalidAction",
			"the embedded AWS does not implement the operation %q with these parameters", in.Action))
		return
	}
	id := awsapi.Caller(r.Context())
	awsquery.WriteResult(w, namespace, in.Action, callerIdentity{Arn: s.account.UserARN(id), UserId: id, Account: s.account.ID})
}

// WriteError sends err as XML, in the form of the query protocol.
func WriteError(w http.ResponseWriter, err error) { awsquery.WriteError(w, namespace, err) }
