package storage

import (
	"heroku-drains/lib/lambda/metrics"
	"heroku-drains/lib/logformat"
	"heroku-drains/lib/stack"
)

// told is what the metrics by app count of a line.
type told struct {
	request, failed, herokuError bool
	timed                        bool // service is set
	service                      int32
}

// tell reads what the metrics by app count of a line: only where Heroku writes it, because a dyno can print the same. The token
// is that of the drain that it came through.
func tell(l *logformat.Line, token string) told {
	var t told
	text := logformat.HerokuText(l.Message)
	switch l.Writer() {
	case logformat.ByRouter:
		t.request, t.herokuError = true, len(logformat.RouterCode(text)) > 0
		r := logformat.ReadResponse(text)
		t.failed = len(r.Status) == 3 && r.Status[0] == '5'
		if ms, unit, ok := logformat.Number(r.Service); ok && string(unit) == "ms" {
			t.service, t.timed = int32(min(max(ms, 0), 1<<30)), true
		}
	case logformat.ByPlatform, logformat.ByShuttle:
		t.herokuError = logformat.ErrorCode(text) != nil
	case logformat.ByLogplex:
		t.herokuError = logformat.ErrorCode(text) != nil && !logformat.NamesOtherDrain(text, token)
	}
	return t
}

// appSums are the sums of what stored lines tell.
type appSums struct {
	requests, failed, herokuErrors int
	services                       []int64
}

func (s *appSums) add(t told) {
	if t.request {
		s.requests++
	}
	if t.failed {
		s.failed++
	}
	if t.herokuError {
		s.herokuErrors++
	}
	if t.timed {
		s.services = append(s.services, int64(t.service))
	}
}

// byApp reports whether the handler writes metrics by app.
func (h *Handler) byApp() bool {
	n, _ := h.cfg.ByApp.Count()
	return h.cfg.Metrics != nil && n > 0
}

// measure writes the metrics of an invocation.
func (h *Handler) measure(app string, s summary) error {
	if h.cfg.Metrics == nil {
		return nil
	}
	if err := h.cfg.Metrics.Write(h.cfg.Now(), s.batch()); err != nil || !h.byApp() {
		return err
	}
	m := metrics.App{Name: app, Responses5xx: s.app.failed, HerokuErrors: s.app.herokuErrors}
	if h.cfg.ByApp == stack.AppMetricsAll {
		m.Lines, m.Bytes, m.Requests, m.ServiceTimes = s.events, s.bytes, s.app.requests, s.app.services
	}
	return h.cfg.Metrics.WriteApp(h.cfg.Now(), m)
}
