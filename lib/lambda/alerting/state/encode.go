package state

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// MaxSize is the size of an encoded State, in bytes. Each KB of an item costs a write unit whenever it is written.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
const MaxSize = 32_000

// Encode returns the state as JSON, at most MaxSize bytes. In order to fit, counts become coarser than a second, and IDs are forgotten; that
// takes thousands of lines that are spread over an hour, or hundreds of dynos.
func (s *State) Encode() ([]byte, error) {
	text, err := encode(s)
	for step := int64(2); err == nil && len(text) > MaxSize; step *= 2 {
		s.shrink(step)
		text, err = encode(s)
	}
	if err != nil {
		return nil, fmt.Errorf("encode the state of a rule: %w", err)
	}
	return text, nil
}

// shrink makes the state smaller, the more so the larger step is.
func (s *State) shrink(step int64) {
	for _, track := range s.Tracks {
		track.Lines, track.Late = s.rounded(track.Lines, step), s.rounded(track.Late, step)
	}
	s.Seen.Limit(maxSeen / int(step))
	s.Evidence.shrink(int(step))
	if s.Episode != nil {
		s.Episode.Evidence.shrink(int(step))
	}
	for len(s.Tracks) > maxTracks/int(step) {
		delete(s.Tracks, stalest(s.Tracks))
	}
}

// rounded returns the counts by step seconds instead of by second. Lines of the alert stay between its first and its last.
func (s *State) rounded(all Seconds, step int64) Seconds {
	var rounded Seconds
	for _, second := range all {
		at := floor(second.At, step)
		if s.Episode.has(second.At) {
			at = max(at, s.Episode.Since)
		} else if s.Episode.has(at) {
			at = second.At
		}
		rounded.add(at, second.Lines)
	}
	return rounded
}

// Decode reads what Encode returned.
func Decode(text []byte) (*State, error) {
	var s State
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("read the state of a rule: %w", err)
	}
	return &s, nil
}

func encode(s *State) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
