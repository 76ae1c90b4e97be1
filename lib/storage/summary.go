package storage

import "log/slog"

// summary counts what became of one invocation's messages.
type summary struct {
	messages   int // that came
	lines      int // in them, but for those that were stored before
	stored     int // events
	bytes      int // of those events, as CloudWatch counts them: their text and 26 for each
	malformed  int // pieces that are no lines
	duplicates int // messages stored before
	moved      int // lines whose time CloudWatch would refuse
	rejected   int // events that it refused all the same
	failed     int // messages that have to come again
}

func (s summary) attrs() []slog.Attr {
	return []slog.Attr{
		slog.Int("messages", s.messages), slog.Int("lines", s.lines), slog.Int("stored", s.stored),
		slog.Int("bytes", s.bytes), slog.Int("malformed", s.malformed), slog.Int("duplicates", s.duplicates), slog.Int("moved", s.moved),
		slog.Int("rejected", s.rejected), slog.Int("failed", s.failed),
	}
}
