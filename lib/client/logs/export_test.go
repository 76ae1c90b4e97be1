package logs

// Query is query, for tests of what is searched for.
func (s Selection) Query() string { return s.query() }

// Expression is expression, for tests of what is searched for.
func (l Level) Expression() string { return l.expression() }

// Matches is matches.
func (s Selection) Matches(e Event) bool { return s.matches(e) }

// Texts is texts, for tests of what is searched for.
func (l Level) Texts() []string { return l.texts() }

// IsCopy is isCopy.
func (d *Duplicates) IsCopy(e Event) bool { return d.isCopy(e) }

// Remembered returns how many lines are remembered.
func (d *Duplicates) Remembered() int { return len(d.new) + len(d.old) }

// Fragments is fragments.
func Fragments(text string) []string { return fragments(text) }
