// Package sigv4 implements the server side of AWS Signature Version 4: it verifies the signatures of requests.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package sigv4

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// MaxSkew is how far a request's time may differ from the server's: "within 15 minutes".
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
const MaxSkew = 15 * time.Minute

const (
	algorithm  = "AWS4-HMAC-SHA256"
	timeFormat = "20060102T150405Z"
)

// The reasons why Verify rejects a request. The server translates them, because each service has its own error codes for them.
var (
	ErrMissing    = errors.New("the request is not signed")
	ErrIncomplete = errors.New("the Authorization header is not a complete AWS4-HMAC-SHA256 signature")
	ErrUnknownKey = errors.New("the security token included in the request is invalid")
	ErrMismatch   = errors.New("the request signature we calculated does not match the signature you provided")
	ErrExpired    = errors.New("the signature has expired or is not yet valid")
)

// Caller is what a valid signature says about a request.
type Caller struct {
	AccessKeyID string
	Service     string // signing name, such as sqs or execute-api
	Region      string
}

// Verifier verifies signatures made with the access keys it knows. The zero value knows none and is ready to use.
type Verifier struct {
	mu      sync.Mutex
	secrets map[string]string // access key ID -> secret access key
}

// Add adds an access key or replaces its secret.
func (v *Verifier) Add(accessKeyID, secretAccessKey string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.add(accessKeyID, secretAccessKey)
}

func (v *Verifier) add(accessKeyID, secretAccessKey string) {
	if v.secrets == nil {
		v.secrets = make(map[string]string)
	}
	v.secrets[accessKeyID] = secretAccessKey
}

// Secret returns an access key's secret. If the key is unknown, it adds it with a random secret.
func (v *Verifier) Secret(accessKeyID string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	secret, known := v.secrets[accessKeyID]
	if !known {
		secret = rand.Text()
		v.add(accessKeyID, secret)
	}
	return secret
}

// AccessKeyID returns the access key that a request says it is signed with, or "". The signature may be wrong.
func AccessKeyID(r *http.Request) string {
	a, err := parseAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		return ""
	}
	return a.AccessKeyID
}

// Verify checks the signature in a request's Authorization header. body is the request's body, which the caller has read. The request's
// time is compared with the machine's clock, which clients sign with, not with the embedded AWS's clock, which tests advance. skew is how much the
// verifier's clock is ahead of the machine's.
func (v *Verifier) Verify(r *http.Request, body []byte, skew time.Duration) (Caller, error) {
	given := r.Header.Get("Authorization")
	if given == "" {
		return Caller{}, ErrMissing
	}
	a, err := parseAuthorization(given)
	if err != nil {
		return Caller{}, err
	}
	v.mu.Lock()
	secret, known := v.secrets[a.AccessKeyID]
	v.mu.Unlock()
	if !known {
		return Caller{}, ErrUnknownKey
	}
	signedAt, err := time.Parse(timeFormat, r.Header.Get("X-Amz-Date"))
	if err != nil || signedAt.Format("20060102") != a.date {
		return Caller{}, fmt.Errorf("%w: X-Amz-Date must be set and match the credential's date", ErrIncomplete)
	}
	if age := time.Since(signedAt) + skew; age.Abs() > MaxSkew {
		return Caller{}, fmt.Errorf("%w: signed %s from now, at most %s is allowed", ErrExpired, age.Round(time.Second), MaxSkew)
	}
	want, err := sign(r, body, a, secret, signedAt)
	if err != nil {
		return Caller{}, err
	}
	if subtle.ConstantTimeCompare([]byte(want), []byte(a.signature)) != 1 {
		return Caller{}, ErrMismatch
	}
	return a.Caller, nil
}

type authorization struct {
	Caller
	date          string
	signedHeaders []string
	signature     string
}

// parseAuthorization parses "AWS4-HMAC-SHA256 Credential=ID/DATE/REGION/SERVICE/aws4_request, SignedHeaders=a;b, Signature=hex".
func parseAuthorization(header string) (authorization, error) {
	rest, ok := strings.CutPrefix(header, algorithm+" ")
	if !ok {
		return authorization{}, ErrIncomplete
	}
	fields := make(map[string]string)
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	scope := strings.Split(fields["Credential"], "/")
	if len(scope) != 5 || scope[4] != "aws4_request" || fields["SignedHeaders"] == "" || fields["Signature"] == "" {
		return authorization{}, ErrIncomplete
	}
	return authorization{
		Caller:        Caller{AccessKeyID: scope[0], Region: scope[2], Service: scope[3]},
		date:          scope[1],
		signedHeaders: strings.Split(fields["SignedHeaders"], ";"),
		signature:     fields["Signature"],
	}, nil
}

// sign returns the signature that the client should have sent. It signs a copy of the request, with only the headers that the client has
// signed, using the SDK's signer.
func sign(r *http.Request, body []byte, a authorization, secret string, at time.Time) (string, error) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	if claimed := r.Header.Get("X-Amz-Content-Sha256"); claimed != "" && claimed != hash {
		return "", fmt.Errorf("%w: X-Amz-Content-Sha256 does not match the body", ErrMismatch)
	}
	copied := &http.Request{
		Method: r.Method,
		Host:   r.Host,
		// without a scheme, the signer takes no port for the default one, which it would remove
		URL:    &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery},
		Header: make(http.Header),
	}
	for _, name := range a.signedHeaders {
		switch name {
		case "host":
		case "content-length":
			copied.ContentLength = r.ContentLength
		default:
			key := http.CanonicalHeaderKey(name)
			copied.Header[key] = slices.Clone(r.Header[key])
		}
	}
	credentials := aws.Credentials{AccessKeyID: a.AccessKeyID, SecretAccessKey: secret}
	if err := v4.NewSigner().SignHTTP(r.Context(), credentials, copied, hash, a.Service, a.Region, at); err != nil {
		return "", fmt.Errorf("compute the expected signature: %w", err)
	}
	again, err := parseAuthorization(copied.Header.Get("Authorization"))
	if err != nil {
		return "", err
	}
	if !slices.Equal(again.signedHeaders, a.signedHeaders) {
		// the signer always adds host and x-amz-date, and sorts the names
		return "", fmt.Errorf("%w: SignedHeaders must be sorted and name host and x-amz-date", ErrIncomplete)
	}
	return again.signature, nil
}
