package awslocal

import (
	"maps"
	"sync"
)

// Call is one signed call of the AWS endpoint, told before it is answered.
type Call struct {
	Service     string // signing name, such as sqs
	Operation   string // such as SendMessage; empty when the service has no such operation
	AccessKeyID string
	Path        string // of the URL: names the resource in Lambda's API
	Query       string
	Input       []byte // the request's body: JSON, or STS's form
	Mapped      string // the ARN of the function of the event source mapping that Path names; empty when it names none
}

// listeners are told of every call.
type listeners struct {
	mu   sync.Mutex
	next int
	by   map[int]func(Call)
}

func (l *listeners) add(f func(Call)) (remove func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by == nil {
		l.by = make(map[int]func(Call))
	}
	id := l.next
	l.next++
	l.by[id] = f
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.by, id)
	}
}

func (l *listeners) tell(c Call) {
	l.mu.Lock()
	all := maps.Clone(l.by)
	l.mu.Unlock()
	for _, f := range all {
		f(c)
	}
}
