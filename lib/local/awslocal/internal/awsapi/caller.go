package awsapi

import "context"

type callerKey struct{}

// WithCaller notes the access key id that signed a request.
func WithCaller(ctx context.Context, accessKeyID string) context.Context {
	return context.WithValue(ctx, callerKey{}, accessKeyID)
}

// Caller is the access key id that signed the request; empty outside of one.
func Caller(ctx context.Context) string {
	id, _ := ctx.Value(callerKey{}).(string)
	return id
}
