package awslocal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

// documents are what SetDocument has set.
type documents struct {
	mu   sync.Mutex
	text map[string][]byte // by path
}

// SetDocument makes the AWS endpoint answer GET requests for a path with a JSON document, without a signature. AWS has nothing like it: the
// program that runs a Server uses it to tell its clients what else it runs. The path must begin with "/_", which no service uses.
func (s *Server) SetDocument(path string, document any) error {
	text, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("encode the document %s: %w", path, err)
	}
	s.documents.mu.Lock()
	defer s.documents.mu.Unlock()
	if s.documents.text == nil {
		s.documents.text = map[string][]byte{}
	}
	s.documents.text[path] = text
	return nil
}

// serve answers a request for a document, and reports whether it was one.
func (d *documents) serve(w http.ResponseWriter, r *http.Request) bool {
	d.mu.Lock()
	text, found := d.text[r.URL.Path]
	d.mu.Unlock()
	if !found || r.Method != http.MethodGet {
		return false
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // the client may be gone
	return true
}
