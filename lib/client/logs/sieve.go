package logs

// sieve hands on events without the copies among them. It looks at the events of one time together, so it holds them back until one of another
// time or the end.
type sieve struct {
	duplicates *Duplicates // nil: all events are handed on, at once
	each       func(Event) error
	held       []Event
}

// add takes an event. Events must come in the order of their times.
func (s *sieve) add(e Event) error {
	if s.duplicates == nil {
		return s.each(e)
	}
	if len(s.held) > 0 && timeOf(s.held[0]) != timeOf(e) {
		if err := s.flush(); err != nil {
			return err
		}
	}
	s.held = append(s.held, e)
	return nil
}

// flush hands on what is held back.
func (s *sieve) flush() error {
	held := s.held
	if len(held) == 0 {
		return nil
	}
	s.held = held[:0]
	for _, e := range s.duplicates.filter(held) {
		if err := s.each(e); err != nil {
			return err
		}
	}
	return nil
}

// end hands on what is held back after a search, even if that failed. It returns the search's error, or else that of handing on.
func (s *sieve) end(searched error) error {
	if err := s.flush(); searched == nil {
		return err
	}
	return searched
}
