package installation

import (
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"heroku-drains/lib/awscall/safeclient"
	"heroku-drains/lib/client/reach"
)

// ForeignError means that another program listens where the local system's AWS was expected.
type ForeignError struct{ URL string }

// Error says where the program answers.
func (e *ForeignError) Error() string {
	return fmt.Sprintf("a program other than heroku-drains answers at %s", e.URL)
}

// RetryableError tells the SDK not to retry.
func (*ForeignError) RetryableError() bool { return false }

// localClient keeps calls meant for the local system from another program on the same port, such as LocalStack.
type localClient struct {
	local Local
	next  aws.HTTPClient
}

func newLocalClient(local Local) localClient {
	return localClient{local: local, next: reach.NewClient(safeclient.New(awshttp.NewBuildableClient().WithDialerOptions(reach.Dialer)))}
}

// Do sends a request.
func (c localClient) Do(req *http.Request) (*http.Response, error) {
	resp, err := c.next.Do(req)
	if err != nil || resp.Header.Get("Server") == c.local.Server {
		return resp, err
	}
	resp.Body.Close()
	return nil, &ForeignError{URL: c.local.AWSURL}
}
