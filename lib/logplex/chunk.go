package logplex

import "bytes"

// ChunkSize is the length in bytes at which Heroku's log-shuttle splits a long line of a dyno into several frames. It splits between any two
// bytes, possibly inside a UTF-8 character, and adds no newline. All chunks have the same time.
// https://devcenter.heroku.com/articles/logging#log-message-limits
const ChunkSize = 10_000

// IsChunk reports whether the line is a full chunk from log-shuttle, so that its message may continue in the next frame with the same time,
// source and process. That is reliable only for the output of dynos, whose times have microseconds: a line of an add-on can happen to be as
// long as a chunk, and the next line can have the same second.
func (l Line) IsChunk() bool {
	return len(l.Message) == ChunkSize && !l.Newline && string(l.Source) == "app" && IsDyno(l.Process) && hasFraction(l.TimeText)
}

// IsDyno reports whether a process is a dyno: a name and a number, such as "web.1" and "run.4711".
func IsDyno(process []byte) bool {
	dot := bytes.LastIndexByte(process, '.')
	if dot <= 0 || dot == len(process)-1 {
		return false
	}
	return number(process[dot+1:]) >= 0
}

// hasFraction reports whether a time has a fraction of a second.
func hasFraction(text []byte) bool {
	const seconds = len("2006-01-02T15:04:05")
	return timeShaped(text) && len(text) > seconds && text[seconds] == '.'
}
