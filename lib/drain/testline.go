package drain

// The origin of the line that `put` and `doctor` send through a drain to see whether it is stored. No line of a Heroku app has this source, whose
// values are app and heroku. Drop rules must not leave the line out: it would look as if the drain had lost it.
const (
	TestLineSource  = "heroku-drains"
	TestLineProcess = "verify"
)
