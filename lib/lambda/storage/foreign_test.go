package storage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What identifies a message includes its app: who has the password of one app, and has seen the frame IDs, the drain token and the lines of another,
// cannot make that app's lines pass for copies.
func TestAnotherAppsFrameIDIsNoCopy(t *testing.T) {
	durable, _ := newDurable(t, nil)
	for name, s := range map[string]*system{"warm": newSystem(t, nil), "durable": durable} {
		same := []string{dyno(noon, "the same line")}
		forged := request{app: "blog", frameID: "F", messageID: "1"}.message(t, same...)
		forged.EventSourceARN = "arn:aws:sqs:us-east-1:000000000000:APP_blog"
		genuine := request{app: "shop", frameID: "F", messageID: "2"}.message(t, same...)
		if failed := append(s.handle(t, forged), s.handle(t, genuine)...); failed != nil {
			t.Errorf("%s: %v failed", name, failed)
		}
		if diff := cmp.Diff([]string{prefix + "the same line", prefix + "the same line"}, s.logs.texts()); diff != "" {
			t.Errorf("%s: stored (-want +got):\n%s", name, diff)
		}
	}
}
