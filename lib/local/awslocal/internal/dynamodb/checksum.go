package dynamodb

import (
	"bytes"
	"hash/crc32"
	"net/http"
	"strconv"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

const contentType = "application/x-amz-json-1.0"

// ServeHTTP answers one call. Clients compare the response with the CRC32 in one of its headers.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	withChecksum(w, func(w http.ResponseWriter) { s.api.ServeHTTP(w, r) })
}

// WriteError sends err as DynamoDB does.
func WriteError(w http.ResponseWriter, err error) {
	withChecksum(w, func(w http.ResponseWriter) { awsapi.WriteError(w, contentType, err) })
}

// withChecksum sends the response that write writes, with its checksum.
func withChecksum(w http.ResponseWriter, write func(http.ResponseWriter)) {
	held := &heldResponse{ResponseWriter: w, status: http.StatusOK}
	write(held)
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(held.body.Bytes())), 10))
	w.WriteHeader(held.status)
	_, _ = w.Write(held.body.Bytes()) // fails only if the client has gone
}

// heldResponse is a response that is not sent yet.
type heldResponse struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldResponse) WriteHeader(status int)      { h.status = status }
func (h *heldResponse) Write(p []byte) (int, error) { return h.body.Write(p) }
