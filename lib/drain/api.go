package drain

// Response is the body of a successful response about one drain.
type Response struct {
	Data Drain `json:"data"`
}

// Detail is what a list of drains tells of each queue, and what costs a call of SQS for each.
type Detail string

// The details: values of the query parameter "include" of GET /drains, with commas between several.
const (
	IncludeCounts   Detail = "counts"   // Queue.Counts
	IncludeSettings Detail = "settings" // the settings Format and ANSI, which are tags of the queue
)

// Page is the body of a successful response to GET /drains.
type Page struct {
	Data []Drain `json:"data"`
	Next string  `json:"next,omitempty"` // pass it as the query parameter "next" to get the next page; empty on the last page
}

// ErrorResponse is the body of an error response of the API itself. API Gateway's own error responses look different.
type ErrorResponse struct {
	Error ErrorDetail `json:"error"`
}

// ErrorDetail says what went wrong.
type ErrorDetail struct {
	Code      string `json:"code"` // one of the codes of this package
	Message   string `json:"message"`
	RequestID string `json:"request_id"` // identifies the request in the log of the drains function
}

// DeleteOptions says what DELETE keeps.
type DeleteOptions struct {
	KeepLogs bool // keep the log stream with its lines: ?logs=keep
	// EventSource is the UUID of the drain's event source mapping: ?event_source=UUID. If the drain now has another one or none, it is not the
	// drain that the caller knows, and DELETE removes nothing. Empty: any.
	EventSource string
}
