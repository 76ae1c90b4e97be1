package envelope

import "heroku-drains/lib/logplex"

// split splits a body into parts of at most MaxPart. An empty body is one empty part.
//
// It splits between lines, because the chunks of a long line, which are frames, can only be joined if they are in the same part. A line that
// is longer than a part, including the frames between its chunks, is split between frames, and a frame that is longer than a part is split
// anywhere.
func split(body []byte) [][]byte {
	if len(body) <= MaxPart {
		return [][]byte{body}
	}
	var parts [][]byte
	start, line, frame := 0, 0, 0 // the part's start, and the last ends of a line and of a frame that fit into it
	for _, b := range boundaries(body) {
		for b.at-start > MaxPart {
			end := start + MaxPart
			switch {
			case line > start:
				end = line
			case frame > start:
				end = frame
			}
			parts = append(parts, body[start:end])
			start = end
		}
		frame = b.at
		if !b.inLine {
			line = b.at
		}
	}
	return append(parts, body[start:])
}

// boundary is the end of a frame in a body.
type boundary struct {
	at     int
	inLine bool // a later frame continues a line that began in this one or before it
}

func boundaries(body []byte) []boundary {
	var all []boundary
	open := make(map[string]int) // the last frame of each line that may continue, by the values that its chunks share
	end := 0
	for f := range logplex.Frames(body) {
		end += len(f.Raw)
		all = append(all, boundary{at: end})
		if len(open) == 0 && len(f.Message) < logplex.ChunkSize {
			continue // the usual case
		}
		l, ok := logplex.ParseLine(f.Message)
		if f.Malformed || !ok || len(open) == 0 && !l.IsChunk() {
			continue
		}
		this := len(all) - 1
		key := string(l.TimeText) + " " + string(l.Source) + " " + string(l.Process)
		if last, continued := open[key]; continued {
			for i := last; i < this; i++ {
				all[i].inLine = true
			}
		}
		if delete(open, key); l.IsChunk() {
			open[key] = this
		}
	}
	return all
}
