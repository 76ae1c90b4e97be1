// Package doctor checks an installation: who is calling, the stack, the API, each part of each drain on both sides, dead letters, policies
// and throttling. Each method of Doctor is one check; what it finds comes with its fix.
package doctor

// Severity says how bad a finding is.
type Severity string

// The severities. Errors and warnings are trouble; a note is what could not be checked, or passes by itself.
const (
	Error   Severity = "error"   // lines are lost, or not stored
	Warning Severity = "warning" // they may be, or something cannot be seen to be well
	Note    Severity = "note"
)

// Finding is something that is not as it should be. It holds no password.
type Finding struct {
	Severity Severity `json:"severity"`
	Check    string   `json:"check"`         // the method that found it, or policy or throttling where AWS said so to another one
	App      string   `json:"app,omitempty"` // empty: it concerns all
	What     string   `json:"what"`
	Fix      string   `json:"fix"`
}

// Trouble tells whether there is more than notes among findings.
func Trouble(findings []Finding) bool {
	for _, f := range findings {
		if f.Severity != Note {
			return true
		}
	}
	return false
}

// Doctor makes findings.
type Doctor struct {
	Command string // the CLI's name, for fixes
	Local   bool   // it is about the system on this machine
	Who     string // whom AWS knows the caller as; empty: not asked yet
}

// command is a fix that is one of the CLI's verbs.
func (d Doctor) command(verb string) string {
	if d.Local {
		verb = "--local " + verb
	}
	return "`" + d.Command + " " + verb + "`"
}

// start is the fix where nothing answers on this machine.
func (d Doctor) start() string {
	return "start the system on this machine: `" + d.Command + " local`; --local-api-url and --local-aws-url say where it is"
}

// forApp are the findings as an app's.
func forApp(app string, findings []Finding) []Finding {
	for i := range findings {
		findings[i].App = app
	}
	return findings
}
