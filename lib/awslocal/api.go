package awslocal

import "net/http"

// serveAPI answers one request of the API gateway.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	http.NotFound(w, r)
}
