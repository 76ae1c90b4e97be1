package localtest

import (
	"io"
	"net/http"
	"strings"
	"sync"
)

// Unanswered is an HTTP client for SDK clients. It never answers the first call of each operation, like a connection that was cut while Lambda
// had the function frozen. It answers later calls without a network, so it can be used in a synctest bubble.
type Unanswered struct {
	Answers map[string]string // the body of an answer by operation, such as GetQueueUrl; default: {}. One with "__type" is an error

	mu    sync.Mutex
	calls map[string]int // by operation
}

// Do implements aws.HTTPClient.
func (u *Unanswered) Do(r *http.Request) (*http.Response, error) {
	operation := r.Method + " " + r.URL.Path
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		_, operation, _ = strings.Cut(target, ".")
	}
	if u.count(operation) == 1 {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	body, given := u.Answers[operation]
	if !given {
		body = "{}"
	}
	status := http.StatusOK
	if strings.Contains(body, `"__type"`) {
		status = http.StatusBadRequest
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func (u *Unanswered) count(operation string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.calls == nil {
		u.calls = make(map[string]int)
	}
	u.calls[operation]++
	return u.calls[operation]
}

// Calls returns the number of calls of an operation.
func (u *Unanswered) Calls(operation string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.calls[operation]
}
