package logplex

// Priorities seen on drains: the facility times eight plus the severity. https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1
const (
	PriorityPlatform = 45  // syslog.notice: Heroku, about a dyno
	PriorityAddon    = 134 // local0.info: Postgres and Redis samples
	PriorityRouter   = 158 // local3.info
	PriorityOverflow = 172 // local5.warning: L10
	PriorityDyno     = 190 // local7.info: the output of a dyno, stdout and stderr alike
)

// maxPriority is the highest of RFC 5424's 24 facilities with the lowest of its severities.
const maxPriority = 191

var severities = [8]string{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}

// Severity returns the name of the severity in the line's priority, or "" if the priority is out of range.
func (l Line) Severity() string {
	if l.Priority < 0 || l.Priority > maxPriority {
		return ""
	}
	return severities[l.Priority%len(severities)]
}

// priority returns the value of a PRI of up to ten digits, or -1 if it is out of range.
func priority(digits []byte) int {
	n := number(digits)
	if n > maxPriority {
		return -1
	}
	return n
}
