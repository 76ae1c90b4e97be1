package cli

import (
	"context"
	"encoding/json"
	"fmt"
)

// deadView is how many of an app's messages are dead letters.
type deadView struct {
	count   int
	atLeast bool // there are more letters than were looked into
}

// MarshalJSON is the count.
func (d *deadView) MarshalJSON() ([]byte, error) { return json.Marshal(d.count) }

func (d *deadView) text() string {
	switch {
	case d == nil:
		return none
	case d.atLeast:
		return fmt.Sprintf("%d or more", d.count)
	}
	return fmt.Sprint(d.count)
}

// deadLetters counts the dead letters of apps. Where that cannot be done it says so, and the rest is shown without: nil.
func (s *session) deadLetters(ctx context.Context, both *sides) func(app string) *deadView {
	unknown := func(string) *deadView { return nil }
	if both.dead == nil || s.flags.NoHeroku {
		return unknown
	}
	found, err := both.dead.List(ctx, looked)
	if err != nil {
		if ctx.Err() == nil {
			s.Note("The dead letters are left out: %v", err)
		}
		return unknown
	}
	if !found.Complete() {
		s.Note("Of %d dead letters, %d are looked into.", found.Total, len(found.Letters))
	}
	counts := found.ByApp()
	return func(app string) *deadView { return &deadView{counts[app], !found.Complete()} }
}
