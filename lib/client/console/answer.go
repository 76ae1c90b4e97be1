package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"heroku-drains/lib/client/logs"
)

// refusal is an error whose text is a sentence for the user of the page.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func refuse(status int, text string) *refusal { return &refusal{status: status, text: text} }

// failure is the body of an error response, and an item of a stream that ends with an error.
type failure struct {
	Error message `json:"error"`
}

type message struct {
	Message string `json:"message"`
}

// answer writes a response as JSON.
func answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil { // impossible: bodies are made of texts, numbers and times
		status, text = http.StatusInternalServerError, []byte(`{"error":{"message":"The answer could not be written."}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // nobody is there to read it
}

func answerRefusal(w http.ResponseWriter, r *refusal) {
	if r.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET")
	}
	answer(w, r.status, failure{message{r.text}})
}

// answerError answers with an error: one of the request with its own status, one of the installation with 502 Bad Gateway.
func (c *Console) answerError(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody waits for the answer
	}
	if refused, ok := errors.AsType[*refusal](err); ok {
		answerRefusal(w, refused)
		return
	}
	status := http.StatusBadGateway
	if _, ok := errors.AsType[*logs.PatternError](err); ok {
		status = http.StatusBadRequest
	}
	answer(w, status, failure{message{c.explain(err)}})
}

// explain returns an error as a sentence for people. It can end a text of the page, so it begins and ends as a sentence does.
func (c *Console) explain(err error) string {
	text := strings.TrimSpace(c.opts.Explain(err))
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "`") {
		text += "."
	}
	return text
}
