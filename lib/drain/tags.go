package drain

// The tags of a drain's queue, in addition to the stack's. The mapping also has TagApp and TagStack. These two tags decide whether a queue
// belongs to a drain: anyone may use its name, and the prefix of another stack may begin with this one's.
const (
	TagApp    = "heroku-drains:app"
	TagStack  = "heroku-drains:stack" // the stack's name, which is unique in an account and a Region, like a queue's name
	TagFormat = "heroku-drains:format"
	TagANSI   = "heroku-drains:ansi"
)

// TagDeleted says that a queue's drain was deleted. SQS shows a deleted queue for up to 60 seconds, and Lambda may hold a batch of it: the drain
// must not come back. A queue without the tag, or with another value, is in use.
const (
	TagDeleted = "heroku-drains:deleted"
	Deleted    = "yes"
	NotDeleted = "no" // of a queue that was to be deleted, and is in use again
)

// Tags returns the settings that are stored as tags of the queue, where the storage function reads them. The others are stored in the mapping.
func (s Settings) Tags() map[string]string {
	return map[string]string{TagFormat: s.Format, TagANSI: s.ANSI}
}

// PatchFromTags is the inverse of Tags. It ignores tags with invalid values, which someone may have set by hand.
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
