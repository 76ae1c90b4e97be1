package herokufake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// answer is the response to a request.
type answer struct {
	status int
	header http.Header
	body   any // encoded as JSON
}

func ok(status int, body any) answer {
	return answer{status: status, header: http.Header{}, body: body}
}

// refusal returns an error response with Heroku's document. https://devcenter.heroku.com/articles/platform-api-reference#error-responses
func refusal(status int, id, message string) answer {
	return ok(status, map[string]string{"id": id, "message": message})
}

// notFound returns an error response that names the kind of resource.
func notFound(resource, message string) answer {
	return ok(http.StatusNotFound, map[string]string{"id": "not_found", "resource": resource, "message": message})
}

// write sends the answer. If half is set, it closes the connection in the middle of the body.
func (a answer) write(w http.ResponseWriter, half bool) {
	body, err := json.Marshal(a.body)
	if err != nil {
		panic(fmt.Sprintf("herokufake: %v", err)) // the handlers only return bodies that can be encoded
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if half {
		_, _ = w.Write(body[:len(body)/2]) // the client may be gone
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body)
}
