package envelope_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/envelope"
)

var header = envelope.Header{
	App: "shop", DrainToken: "d.f1e2d3c4-0000-4000-8000-000000000001", FrameID: "09C557EAFCFB6CF2740EE62F62971098",
	RequestID: "JKJaXmPLvHcESHA=", MsgCount: 2, ReceivedAt: time.Date(2026, 11, 22, 15, 4, 5, 678_000_000, time.UTC),
}

func TestPlainBody(t *testing.T) {
	sealed, err := envelope.Seal(header, "83 <40>1 \x1b[31mred\x00", false)
	if err != nil || len(sealed) != 1 {
		t.Fatalf("Seal: %d messages, %v", len(sealed), err)
	}
	got, err := envelope.Open(sealed[0])
	if err != nil {
		t.Fatal(err)
	}
	want := envelope.Envelope{Header: header, Part: 1, Parts: 1, Body: []byte("83 <40>1 \x1b[31mred\x00")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("envelope (-want +got):\n%s", diff)
	}
}
