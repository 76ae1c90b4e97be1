package cli

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"heroku-drains/lib/client/apiclient"
	"heroku-drains/lib/local/awslocal"
)

// foreignError is that another program listens where `local` was looked for.
type foreignError struct{ what, url, flag, addrFlag string }

func (e *foreignError) Error() string {
	return fmt.Sprintf("what answers at %s is not %s of heroku-drains, but another program; start `%s local %s 127.0.0.1:PORT` on a port that is "+
		"free, and say so here with %s", e.url, e.what, program, e.addrFlag, e.flag)
}

// RetryableError tells the SDK not to try again.
func (*foreignError) RetryableError() bool { return false }

// localAWS keeps AWS calls for the system on this machine from another program that listens there, as LocalStack does on the same port.
type localAWS struct {
	url  string
	next aws.HTTPClient
}

func newLocalAWS(url string) localAWS { return localAWS{url, awshttp.NewBuildableClient()} }

// Do sends a request.
func (l localAWS) Do(req *http.Request) (*http.Response, error) {
	resp, err := l.next.Do(req)
	if err != nil || resp.Header.Get("Server") == awslocal.ServerName {
		return resp, err
	}
	resp.Body.Close()
	return nil, &foreignError{"the AWS", l.url, "--local-aws-url", "--aws-addr"}
}

// foreign is an error's foreignError, if there is one behind it.
func (s *session) foreign(err error) *foreignError {
	var found *foreignError
	if errors.As(err, &found) {
		return found
	}
	var refusal *apiclient.Error
	if s.flags.Local && errors.As(err, &refusal) && refusal.Foreign {
		return &foreignError{"the API", s.flags.LocalAPIURL, "--local-api-url", "--api-addr"}
	}
	return nil
}
