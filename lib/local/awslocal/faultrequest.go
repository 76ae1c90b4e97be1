package awslocal

import (
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// FaultsPath is the path of the AWS endpoint that takes a POST with a JSON array of Faults. They are injected when it answers, and last until the
// client closes the connection. The request must be signed for the service FaultsService with the access key in Options.
const (
	FaultsPath    = "/_local/faults"
	FaultsService = "local"
)

// maxFaults is how many Faults a request may have.
const maxFaults = 100

// serveFaults answers a request for FaultsPath.
func (s *Server) serveFaults(w http.ResponseWriter, r *http.Request) {
	faults, err := s.readFaults(w, r)
	if err != nil {
		awsapi.WriteError(w, "application/json", err)
		return
	}
	for _, f := range faults {
		defer s.Inject(f)()
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte("{}\n"))            // fails only if the client has gone
	_ = http.NewResponseController(w).Flush() // likewise
	<-r.Context().Done()
}

// readFaults checks a request for FaultsPath.
func (s *Server) readFaults(w http.ResponseWriter, r *http.Request) ([]Fault, error) {
	body, err := awsapi.ReadBody(w, r)
	if err != nil {
		return nil, err
	}
	caller, err := s.keys.Verify(r, body, 0)
	if err != nil || caller.Service != FaultsService || caller.Region != s.opts.Region || caller.AccessKeyID != s.opts.AccessKeyID {
		return nil, awsapi.Errorf(http.StatusForbidden, "AccessDeniedException", "only the owner of the embedded AWS can inject faults")
	}
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
