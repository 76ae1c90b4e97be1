package delivery_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"heroku-drains/lib/client/delivery"
)

// post is a request that the drain received.
type post struct {
	Header   http.Header
	Path     string
	User     string
	Password string
	Body     string
}

// server is a fake drain. It answers each POST with the next of its statuses, and repeats the last one.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	posts []post
}

func newServer(t *testing.T, statuses ...int) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		p := post{Header: r.Header, Path: r.URL.Path, Body: string(body)}
		p.User, p.Password, _ = r.BasicAuth()
		s.mu.Lock()
		defer s.mu.Unlock()
		status := statuses[min(len(s.posts), len(statuses)-1)]
		s.posts = append(s.posts, p)
		if status >= 300 && status <= 399 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) seen() []post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts
}

// drainURL returns the URL of the drain shop at a server.
func drainURL(address string) string {
	return strings.Replace(address, "://", "://shop:s3cret@", 1) + "/drains/shop"
}

func newSender(t *testing.T, address string) *delivery.Sender {
	t.Helper()
	s, err := delivery.NewSender(drainURL(address), "d.01234567-89ab-4cde-8f01-23456789abcd")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func batch(text ...string) delivery.Batch {
	b := delivery.Batch{FrameID: "0123456789ABCDEF0123456789ABCDEF"}
	for _, line := range text {
		b.Messages = append(b.Messages, []byte(line))
	}
	return b
}
