// Package valuecall has a client that reads the values of secrets in AWS Secrets Manager: see package plaincall.
package valuecall

import (
	"context"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/awscall/plaincall"
)

// Client calls Secrets Manager. It is safe for concurrent use.
type Client struct{ calls *plaincall.Client }

// New returns a client.
func New(cfg aws.Config) *Client {
	return &Client{plaincall.New(cfg, plaincall.Service{ID: "Secrets Manager", Host: "secretsmanager", Target: "secretsmanager", Version: "1.1", IPv6: true})}
}

// NotFound is the code of the error for a secret, or a version of it, that does not exist.
const NotFound = "ResourceNotFoundException"

// Version is a version of a secret.
type Version struct {
	ID      string
	Value   []byte // text or binary
	Created time.Time
}

// Get returns the version of a secret with a staging label, such as AWSCURRENT. The secret is given by its name or ARN.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
func (c *Client) Get(ctx context.Context, secret, stage string) (Version, error) {
	var output struct {
		VersionID    string `json:"VersionId"`
		SecretString *string
		SecretBinary []byte
		CreatedDate  float64 // Unix time in seconds
	}
	input := map[string]string{"SecretId": secret, "VersionStage": stage}
	if err := c.calls.Call(ctx, plaincall.Request{Operation: "GetSecretValue", Input: input}, &output); err != nil {
		return Version{}, err
	}
	v := Version{ID: output.VersionID, Value: output.SecretBinary}
	if output.SecretString != nil {
		v.Value = []byte(*output.SecretString)
	}
	if output.CreatedDate != 0 {
		v.Created = time.UnixMilli(int64(math.Round(output.CreatedDate * 1000)))
	}
	return v, nil
}
