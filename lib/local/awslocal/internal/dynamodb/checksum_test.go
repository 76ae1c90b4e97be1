package dynamodb_test

import (
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
	"heroku-drains/lib/local/awslocal/internal/clock"
	"heroku-drains/lib/local/awslocal/internal/dynamodb"
)

// TestResponsesHaveAChecksum checks the header with which clients find out that a response is damaged. Not all of them look at it.
func TestResponsesHaveAChecksum(t *testing.T) {
	s, err := dynamodb.New(dynamodb.Config{Clock: clock.New(), Account: awsapi.Account{ID: "000000000000", Region: "us-east-1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, operation, body string
		status                int
	}{
		{"a result", "ListTables", `{}`, http.StatusOK},
		{"an error", "DescribeTable", `{"TableName":"absent"}`, http.StatusBadRequest},
		{"an unknown operation", "Nonsense", `{}`, http.StatusBadRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+c.operation)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			want := strconv.FormatUint(uint64(crc32.ChecksumIEEE(w.Body.Bytes())), 10)
			if got := w.Header().Get("X-Amz-Crc32"); got != want || w.Code != c.status || w.Body.Len() == 0 {
				t.Errorf("status %d, checksum %s, want %s, of %s", w.Code, got, want, w.Body)
			}
		})
	}
}
