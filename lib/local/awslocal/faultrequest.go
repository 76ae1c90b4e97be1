package awslocal

import (
	"net/http"
	"sync"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// FaultsPath is the path of the AWS endpoint that takes a POST with a JSON array of Faults. They are injected when it answers, and last until the
// client closes the connection. A GET of the path that FaultsHeader of the answer names returns how many calls each of them was for so far, as a
// JSON array of numbers. Both requests must be signed for the service FaultsService with the access key in Options.
const (
	FaultsPath    = "/_local/faults"
	FaultsService = "local"
	FaultsHeader  = "Location"
)

// maxFaults is how many Faults a request may have.
const maxFaults = 100

// postedFaults are the faults of each POST whose connection is open, by the path of their counts.
type postedFaults struct {
	mu     sync.Mutex
	byPath map[string][]Injected
}

func (p *postedFaults) add(path string, faults []Injected) (remove func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byPath == nil {
		p.byPath = map[string][]Injected{}
	}
	p.byPath[path] = faults
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.byPath, path)
	}
}

func (p *postedFaults) met(path string) (counts []int, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.byPath[path] {
		counts = append(counts, f.Met())
	}
	return counts, len(counts) > 0
}

// serveFaults answers a request for FaultsPath or a path below it.
func (s *Server) serveFaults(w http.ResponseWriter, r *http.Request) {
	body, err := s.readOwners(w, r)
	if err == nil && r.Method == http.MethodGet {
		counts, found := s.posted.met(r.URL.Path)
		if found {
			awsapi.WriteJSON(w, http.StatusOK, "application/json", counts)
			return
		}
		err = awsapi.Errorf(http.StatusNotFound, "ResourceNotFoundException", "these faults are over")
	}
	var faults []Fault
	if err == nil {
		faults, err = readFaults(body)
	}
	if err != nil {
		awsapi.WriteError(w, "application/json", err)
		return
	}
	var injected []Injected
	for _, f := range faults {
		one := s.InjectCounted(f)
		defer one.Remove()
		injected = append(injected, one)
	}
	path := FaultsPath + "/" + awsapi.NewID()
	defer s.posted.add(path, injected)()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set(FaultsHeader, path)
	_, _ = w.Write([]byte("{}\n"))            // fails only if the client has gone
	_ = http.NewResponseController(w).Flush() // likewise
	<-r.Context().Done()
}

// readOwners returns the body of a request that the owner of the Server has signed.
func (s *Server) readOwners(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := awsapi.ReadBody(w, r)
	if err != nil {
		return nil, err
	}
	caller, err := s.keys.Verify(r, body, 0)
	if err != nil || caller.Service != FaultsService || caller.Region != s.opts.Region || caller.AccessKeyID != s.opts.AccessKeyID {
		return nil, awsapi.Errorf(http.StatusForbidden, "AccessDeniedException", "only the owner of the embedded AWS can do this")
	}
	return body, nil
}

// readFaults reads and checks faults.
func readFaults(body []byte) ([]Fault, error) {
	var faults []Fault
	if err := awsapi.Decode(body, &faults); err != nil {
		return nil, err
	}
	if len(faults) == 0 || len(faults) > maxFaults {
		return nil, awsapi.Errorf(http.StatusBadRequest, "ValidationException", "give 1 to %d faults", maxFaults)
	}
	for _, f := range faults {
		if err := f.validate(); err != nil {
			return nil, awsapi.Errorf(http.StatusBadRequest, "ValidationException", "%s", err)
		}
	}
	return faults, nil
}
