package drain

// The tags of a drain's queue, beside the stack's. The mapping has TagApp as well.
const (
	TagApp    = "heroku-drains:app"
	TagStack  = "heroku-drains:stack" // the name of the stack
	TagFormat = "heroku-drains:format"
	TagANSI   = "heroku-drains:ansi"
)

// Tags returns the settings that are kept as tags of the queue: those that the storage function reads. The mapping keeps the others itself.
func (s Settings) Tags() map[string]string {
	return map[string]string{TagFormat: s.Format, TagANSI: s.ANSI}
}

// PatchFromTags reads back what Tags returned. A tag with a value that no setting can have, which somebody may have set by hand, is ignored.
func PatchFromTags(tags map[string]string) Patch {
	var p Patch
	if format, ok := tags[TagFormat]; ok && (Patch{Format: &format}).Validate() == nil {
		p.Format = &format
	}
	if ansi, ok := tags[TagANSI]; ok && (Patch{ANSI: &ansi}).Validate() == nil {
		p.ANSI = &ansi
	}
	return p
}
