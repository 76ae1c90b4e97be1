package cwlogs

import (
	"bytes"
	"io"
)

// maxPrinted is how much of what functions print is kept in a log group, in bytes. AWS keeps all of it, but here it is in the memory of a system that may
// run for days: the oldest events are removed, which is like a shorter retention.
const maxPrinted = 64 << 20

// Printer returns a writer for the log stream of a function's process. Each Write is an event, of the present time, as Lambda stores what functions
// print. The stream is created if necessary. Without the log group, the event is discarded: a function's role usually may not create one.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
func (s *Service) Printer(group, stream string) io.Writer {
	return printer{service: s, group: group, stream: stream}
}

type printer struct {
	service       *Service
	group, stream string
}

// Write never fails, because a function must not notice what becomes of its output.
func (p printer) Write(line []byte) (int, error) {
	if text := string(bytes.TrimRight(line, "\r\n")); text != "" {
		p.service.print(p.group, p.stream, text)
	}
	return len(line), nil
}

func (s *Service) print(groupName, streamName, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(groupName)
	if err != nil {
		return
	}
	st := g.streams[streamName]
	if st == nil {
		st = s.addStream(g, streamName)
	}
	now := s.now()
	s.puts++
	st.forget(s, g.oldestKept(now))
	events := []inputEvent{{Timestamp: &now, Message: &text}}
	s.countIngested(g, "", events)
	st.store(events, position{ingested: now, put: s.puts}, sequenceToken(s.puts), s.lag)
	s.limitPrinted(g)
}

// limitPrinted removes the oldest events of a group that has more than maxPrinted.
func (s *Service) limitPrinted(g *group) {
	total := int64(0)
	var oldest *stream
	for _, st := range g.streams {
		total += st.events.bytes
		if len(st.events.chunks) > 0 && (oldest == nil || st.events.chunks[0].first.time < oldest.events.chunks[0].first.time) {
			oldest = st
		}
	}
	if total > maxPrinted {
		oldest.forget(s, oldest.events.chunks[0].last.time+1)
	}
}
