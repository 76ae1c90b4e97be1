package drain

// Answer is the body of a successful answer about one drain.
type Answer struct {
	Data Drain `json:"data"`
}

// Page is the body of a successful answer to GET /drains.
type Page struct {
	Data []Drain `json:"data"`
	Next string  `json:"next,omitempty"` // pass it as the query parameter next to get the next page; the last page has none
}

// ErrorAnswer is the body of an answer other than 2xx by the API itself. API Gateway's own answers look different.
type ErrorAnswer struct {
	Error ErrorDetail `json:"error"`
}

// ErrorDetail says what went wrong.
type ErrorDetail struct {
	Code      string `json:"code"` // one of the codes of this package
	Message   string `json:"message"`
	RequestID string `json:"request_id"` // find it in the log of the drains function
}

// DeleteOptions says what DELETE leaves.
type DeleteOptions struct {
	KeepLogs bool // leave the log stream with its lines: ?logs=keep
	// EventSource is the UUID of the drain's event source mapping: ?event_source=UUID. If the drain has another one by now, or none, DELETE
	// removes nothing: the drain is not the one that the caller knows. Empty: any.
	EventSource string
}
