package drain

// The tags of a drain's queue, beside the stack's. The mapping has TagApp and TagStack as well. A queue belongs to a drain if these two say so:
// anyone may use its name, and the prefix of another stack may begin with this one's.
const (
	TagApp    = "heroku-drains:app"
	TagStack  = "heroku-drains:stack" // the stack's name, which CloudFormation keeps unique in an account and a Region, as SQS does queue names
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
