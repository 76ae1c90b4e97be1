package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The API has only the default stage.
const (
	stage = "$default"
	apiID = "awslocal"
)

// event is the payload that a function gets, in format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        requestContext    `json:"requestContext"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	Body                  *string           `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

type requestContext struct {
	AccountID    string      `json:"accountId"`
	APIID        string      `json:"apiId"`
	Authorizer   *authorizer `json:"authorizer,omitempty"`
	DomainName   string      `json:"domainName"`
	DomainPrefix string      `json:"domainPrefix"`
	HTTP         requestHTTP `json:"http"`
	RequestID    string      `json:"requestId"`
	RouteKey     string      `json:"routeKey"`
	Stage        string      `json:"stage"`
	Time         string      `json:"time"`
	TimeEpoch    int64       `json:"timeEpoch"` // milliseconds
}

type requestHTTP struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

type authorizer struct {
	IAM iam `json:"iam"`
}

type iam struct {
	AccessKey       string  `json:"accessKey"`
	AccountID       string  `json:"accountId"`
	CallerID        string  `json:"callerId"`
	CognitoIdentity *string `json:"cognitoIdentity"`
	PrincipalOrgID  *string `json:"principalOrgId"`
	UserARN         string  `json:"userArn"`
	UserID          string  `json:"userId"`
}

func (g *Gateway) newEvent(r *http.Request, key string, parameters map[string]string, id string, body []byte) *event {
	sourceIP, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		sourceIP = r.RemoteAddr
	}
	prefix, _, _ := strings.Cut(r.Host, ".")
	now := g.config.Clock.Now().UTC()
	e := &event{
		Version:               "2.0",
		RouteKey:              key,
		RawPath:               r.URL.Path,
		RawQueryString:        r.URL.RawQuery,
		Cookies:               cookies(r.Header),
		Headers:               headers(r, len(body), sourceIP, now),
		QueryStringParameters: joined(r.URL.Query()),
		PathParameters:        parameters,
		RequestContext: requestContext{
			AccountID:    g.config.Account.ID,
			APIID:        apiID,
			DomainName:   r.Host,
			DomainPrefix: prefix,
			HTTP:         requestHTTP{Method: r.Method, Path: r.URL.Path, Protocol: r.Proto, SourceIP: sourceIP, UserAgent: r.UserAgent()},
			RequestID:    id,
			RouteKey:     key,
			Stage:        stage,
			Time:         now.Format("02/Jan/2006:15:04:05 -0700"),
			TimeEpoch:    now.UnixMilli(),
		},
	}
	if len(body) > 0 {
		text := string(body)
		if !isText(r.Header) {
			text, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
		}
		e.Body = &text
	}
	return e
}

// authorizer returns the part of an event that says who signed the request.
func (g *Gateway) authorizer(accessKeyID string) *authorizer {
	return &authorizer{IAM: iam{
		AccessKey: accessKeyID,
		AccountID: g.config.Account.ID,
		CallerID:  accessKeyID,
		UserARN:   g.config.Account.UserARN(accessKeyID),
		UserID:    accessKeyID,
	}}
}

// isText reports whether a body is passed on unchanged. All other types, such as application/logplex-1, and bodies without a type are
// passed on in base64.
func isText(h http.Header) bool {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	return strings.HasPrefix(kind, "text/") || slices.Contains([]string{"application/json", "application/javascript", "application/xml"}, kind)
}

// headers returns the request's headers, with lower-case names and several values joined, plus those that the gateway adds. Cookies are not
// included: they have their own field in the event.
func headers(r *http.Request, length int, sourceIP string, now time.Time) map[string]string {
	all := joined(lowerCase(r.Header))
	delete(all, "cookie")
	all["host"] = r.Host
	all["content-length"] = strconv.Itoa(length)
	_, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		port = "80"
	}
	if before := all["x-forwarded-for"]; before != "" {
		sourceIP = before + ", " + sourceIP
	}
	all["x-forwarded-for"] = sourceIP
	all["x-forwarded-port"] = port
	all["x-forwarded-proto"] = "http"
	if all["x-amzn-trace-id"] == "" {
		all["x-amzn-trace-id"] = fmt.Sprintf("Root=1-%08x-%s", now.Unix(), randomHex(12))
	}
	return all
}

func lowerCase(h http.Header) url.Values {
	lower := make(url.Values, len(h))
	for name, values := range h {
		lower[strings.ToLower(name)] = values
	}
	return lower
}

// joined joins the values of each name with commas.
func joined(values url.Values) map[string]string {
	one := make(map[string]string, len(values))
	for name := range maps.Keys(values) {
		one[name] = strings.Join(values[name], ",")
	}
	return one
}

func cookies(h http.Header) []string {
	var all []string
	for _, line := range h["Cookie"] {
		for cookie := range strings.SplitSeq(line, ";") {
			all = append(all, strings.TrimSpace(cookie))
		}
	}
	return all
}

// newRequestID returns a request ID of the form that API Gateway uses: 11 bytes in base64.
func newRequestID() string {
	var id [11]byte
	_, _ = rand.Read(id[:]) // never fails: crypto/rand crashes the program instead
	return base64.StdEncoding.EncodeToString(id[:])
}

func randomHex(bytes int) string {
	id := make([]byte, bytes)
	_, _ = rand.Read(id)
	return hex.EncodeToString(id)
}
