package awsapi

import (
	"context"
	"strings"
)

// Account is the AWS account and Region that resources belong to.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
type Account struct {
	ID     string // 12 digits
	Region string
}

// ARN returns the ARN of one of the account's resources in the Region, such as the resource "function:shop" of the service "lambda".
func (a Account) ARN(service, resource string) string {
	return "arn:" + a.partition() + ":" + service + ":" + a.Region + ":" + a.ID + ":" + resource
}

// partition returns the group of Regions that the Region belongs to.
func (a Account) partition() string {
	if strings.HasPrefix(a.Region, "cn-") {
		return "aws-cn"
	}
	return "aws"
}

// Resource returns the resource that an ARN names, the inverse of ARN. It returns "" and false if arn is not an ARN of this service,
// account and Region.
func (a Account) Resource(service, arn string) (resource string, ok bool) {
	resource, ok = strings.CutPrefix(arn, a.ARN(service, ""))
	if !ok {
		return "", false
	}
	return resource, true
}

// UserARN returns the ARN of the IAM user that an access key belongs to. Every access key is its own user, named like the key.
func (a Account) UserARN(accessKeyID string) string {
	return "arn:" + a.partition() + ":iam::" + a.ID + ":user/" + accessKeyID
}

// HasService reports whether arn is an ARN of a service, of any account and Region.
func HasService(arn, service string) bool {
	parts := strings.SplitN(arn, ":", 4) // arn, partition, service, the rest
	return len(parts) == 4 && parts[0] == "arn" && parts[2] == service
}

type callerKey struct{}

// WithCaller returns a context that holds the access key ID a request was signed with.
func WithCaller(ctx context.Context, accessKeyID string) context.Context {
	return context.WithValue(ctx, callerKey{}, accessKeyID)
}

// Caller returns the access key ID the request was signed with, or "" outside a request.
func Caller(ctx context.Context) string {
	id, _ := ctx.Value(callerKey{}).(string)
	return id
}
