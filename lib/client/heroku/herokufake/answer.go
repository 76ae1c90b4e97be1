package herokufake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// answer is what a request gets.
type answer struct {
	status int
	header http.Header
	body   any // as JSON
}

func ok(status int, body any) answer {
	return answer{status, http.Header{}, body}
}

// refusal is Heroku's error document. https://devcenter.heroku.com/articles/platform-api-reference#error-responses
func refusal(status int, id, message string) answer {
	return ok(status, map[string]string{"id": id, "message": message})
}

// missing is a refusal that says what was not found.
func missing(resource, message string) answer {
	return ok(http.StatusNotFound, map[string]string{"id": "not_found", "resource": resource, "message": message})
}

// write sends an answer; half of it closes the connection in the middle.
func (a answer) write(w http.ResponseWriter, half bool) {
	body, err := json.Marshal(a.body)
	if err != nil {
		panic(fmt.Sprintf("herokufake: %v", err)) // what the handlers answer is always JSON
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if half {
		_, _ = w.Write(body[:len(body)/2]) // the other end may be gone
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body)
}
