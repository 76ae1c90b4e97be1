package cwlogs

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// FuzzReadPut reads arbitrary requests. What ReadJSON accepts must be what encoding/json reads.
func FuzzReadPut(f *testing.F) {
	f.Add(`{"logGroupName":"g","logStreamName":"s","logEvents":[{"message":"a \u00e9\n","timestamp":17},{"timestamp":-1,"message":""}]}`)
	f.Add(` {"logEvents" : [ ] , "logGroupName":"\ud800" } `)
	f.Add(`{"logGroupName":"a","logGroupName":"b"}`)
	f.Add(`{"LogGroupName":"a"}`)
	f.Add(`{"logEvents":[{"timestamp":1e3}]}`)
	f.Add(`{"logEvents":null,"sequenceToken":"1"}`)
	f.Fuzz(func(t *testing.T, body string) {
		var got, want putLogEventsIn
		if !got.ReadJSON([]byte(body)) {
			return
		}
		d := json.NewDecoder(strings.NewReader(body))
		d.DisallowUnknownFields()
		if err := d.Decode(&want); err != nil || !utf8.ValidString(body) {
			t.Fatalf("read, although it is wrong: %v", err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// FuzzWritePages writes pages with arbitrary texts. They must be read as those that encoding/json writes.
func FuzzWritePages(f *testing.F) {
	f.Add("a <b> \u2028 \"\\\x00\x1b", "s", "", int64(17))
	f.Add("", "é", "token/", int64(-1))
	f.Fuzz(func(t *testing.T, message, stream, token string, at int64) {
		if !utf8.ValidString(message + stream + token) {
			return // nothing of that kind is stored
		}
		for count := range 3 {
			get := &getLogEventsOut{Events: []outputEvent{}, Forward: token, Backward: stream}
			filter := &filterLogEventsOut{Events: []filteredEvent{}, Searched: []struct{}{}, NextToken: token}
			for range count {
				get.Events = append(get.Events, outputEvent{Timestamp: at, Message: message, Ingested: at + 1})
				filter.Events = append(filter.Events, filteredEvent{Stream: stream, Timestamp: at, Message: message, Ingested: at + 1, ID: token})
			}
			compare(t, get.AppendJSON(nil), get)
			compare(t, filter.AppendJSON(nil), filter)
		}
	})
}

func compare(t *testing.T, written []byte, v any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written, &got); err != nil {
		t.Fatalf("%v in %s", err, written)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}
