package cwlogs

// page counts what an answer holds.
type page struct {
	limit         int // of events
	events, bytes int
}

// takes tells whether the page has room for an event, and counts it. Every event has room on an empty page.
func (p *page) takes(e *event) bool {
	if p.events == p.limit || p.bytes+e.size() > maxPut {
		return false
	}
	p.events++
	p.bytes += e.size()
	return true
}
