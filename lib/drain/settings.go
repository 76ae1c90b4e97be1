package drain

import "fmt"

// The values of the settings format and ansi.
const (
	FormatText = "text" // as `heroku logs` prints lines
	FormatJSON = "json" // a JSON object per line
	ANSIKeep   = "keep"
	ANSIStrip  = "strip" // removes color codes from the lines
)

// Lambda's limits of an event source mapping from a standard queue.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
const (
	MinBatchSize          = 1
	MaxBatchSize          = 10_000
	MaxBatchWithoutWindow = 10 // a larger batch needs a window
	MaxBatchWindowSeconds = 300
	MinMaximumConcurrency = 2
	MaxMaximumConcurrency = 1_000
	UnlimitedConcurrency  = 0
)

// The defaults of the settings of event source mappings.
const (
	DefaultBatchSize = MaxBatchWithoutWindow
	// With any batch window, Lambda may wait 20 seconds on a quiet queue. Without one, lines arrive at once.
	DefaultBatchWindowSeconds = 0
	DefaultMaximumConcurrency = UnlimitedConcurrency
)

// Settings are the settings of one drain. Every field has a value, but for a list of drains that does not include Format and ANSI.
type Settings struct {
	Format             string `json:"format,omitempty"`     // FormatText or FormatJSON
	ANSI               string `json:"ansi,omitempty"`       // ANSIKeep or ANSIStrip
	BatchSize          int    `json:"batch_size"`           // queue messages per invocation, 1 to 10,000
	BatchWindowSeconds int    `json:"batch_window_seconds"` // 0 to 300; at least 1 if BatchSize exceeds 10
	MaximumConcurrency int    `json:"maximum_concurrency"`  // concurrent invocations, 2 to 1,000; 0: no limit
}

// DefaultSettings returns the settings of a new drain, unless the stack has other defaults.
func DefaultSettings() Settings {
	return Settings{
		Format: FormatText, ANSI: ANSIKeep,
		BatchSize: DefaultBatchSize, BatchWindowSeconds: DefaultBatchWindowSeconds, MaximumConcurrency: DefaultMaximumConcurrency,
	}
}

// With returns the settings after a change.
func (s Settings) With(p Patch) Settings {
	set(&s.Format, p.Format)
	set(&s.ANSI, p.ANSI)
	set(&s.BatchSize, p.BatchSize)
	set(&s.BatchWindowSeconds, p.BatchWindowSeconds)
	set(&s.MaximumConcurrency, p.MaximumConcurrency)
	return s
}

func set[T any](field, given *T) {
	if given != nil {
		*field = *given
	}
}

// Validate returns an *Error with the code InvalidSettings for the first setting, or combination of settings, that is not allowed.
func (s Settings) Validate() error {
	return Patch{
		Format: &s.Format, ANSI: &s.ANSI,
		BatchSize: &s.BatchSize, BatchWindowSeconds: &s.BatchWindowSeconds, MaximumConcurrency: &s.MaximumConcurrency,
	}.Validate()
}

// Change is a setting that a Patch changes.
type Change struct {
	Setting string // the setting's name in the API
	From    string // empty: the drain did not exist
	To      string
}

// String returns the change in the form "format: text → json".
func (c Change) String() string {
	if c.From == "" {
		return fmt.Sprintf("%s: %s", c.Setting, c.To)
	}
	return fmt.Sprintf("%s: %s → %s", c.Setting, c.From, c.To)
}

// Diff returns what a patch would change. The zero Settings stand for a drain that does not exist: every setting in the patch is then a
// change.
func (s Settings) Diff(p Patch) []Change {
	d := differ{exists: s != Settings{}}
	diff(&d, "format", s.Format, p.Format)
	diff(&d, "ansi", s.ANSI, p.ANSI)
	diff(&d, "batch_size", s.BatchSize, p.BatchSize)
	diff(&d, "batch_window_seconds", s.BatchWindowSeconds, p.BatchWindowSeconds)
	diff(&d, "maximum_concurrency", s.MaximumConcurrency, p.MaximumConcurrency)
	return d.changes
}

type differ struct {
	exists  bool
	changes []Change
}

func diff[T comparable](d *differ, name string, is T, given *T) {
	if given == nil || d.exists && is == *given {
		return
	}
	c := Change{Setting: name, To: fmt.Sprint(*given)}
	if d.exists {
		c.From = fmt.Sprint(is)
	}
	d.changes = append(d.changes, c)
}
