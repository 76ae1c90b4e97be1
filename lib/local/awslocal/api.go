package awslocal

import (
	"net/http"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/gateway"
)

// serveAPI answers one request of the API gateway, as the faults in force have it.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	api := service{
		handler: s.gateway,
		fail: func(w http.ResponseWriter, err error) {
			e := awsapi.AsError(err)
			gateway.WriteMessage(w, e.Status, e.Message)
		},
	}
	s.withFaults("execute-api", r.Method+" "+r.URL.Path, api, w, r)
}
