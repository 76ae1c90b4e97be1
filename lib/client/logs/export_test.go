package logs

// Query is query, for tests of what is searched for.
func (s Selection) Query() string { return s.query() }

// Expression is expression, for tests of what is searched for.
func (l Level) Expression() string { return l.expression() }

// Matches is matches.
func (s Selection) Matches(e Event) bool { return s.matches(e) }

// Texts is texts, for tests of what is searched for.
func (l Level) Texts() []string { return l.texts() }

// Filter is filter.
func (d *Duplicates) Filter(events []Event) []Event { return d.filter(events) }

// Remembered returns how many moments are remembered.
func (d *Duplicates) Remembered() int { return len(d.puts.new) + len(d.puts.old) }

// Fragments is fragments.
func Fragments(text string) []string { return fragments(text) }
