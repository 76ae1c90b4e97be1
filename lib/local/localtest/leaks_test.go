package localtest

import (
	"strings"
	"testing"
	"time"
)

func TestLeaks(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	go func() {
		close(begun)
		<-end
	}()
	<-begun
	if left := leaks(0); len(left) != 1 || !strings.Contains(left[0], "localtest.TestLeaks.func1") {
		t.Errorf("left: %q", left)
	}
	close(end)
	if left := leaks(time.Minute); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}
