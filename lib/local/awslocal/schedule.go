package awslocal

import "time"

// Schedule makes Lambda run a function again and again, as a rule of Amazon EventBridge with a rate does: the first time one interval after it was
// added. Its errors are logged, and the next run follows as usual.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
type Schedule struct {
	Function string
	Input    []byte // JSON
	Every    time.Duration
}

// AddSchedule adds a Schedule, until Close. If the Server's clock is advanced by several intervals, the function runs once.
func (s *Server) AddSchedule(schedule Schedule) {
	next := s.clock.Now().Add(schedule.Every)
	s.serving.Go(func() {
		for s.clock.WaitUntil(s.lifetime, next) == nil {
			next = s.clock.Now().Add(schedule.Every)
			if _, err := s.lambda.Invoke(s.lifetime, schedule.Function, schedule.Input); err != nil && s.lifetime.Err() == nil {
				s.opts.Logger.Warn("a scheduled invocation failed", "function", schedule.Function, "error", err)
			}
		}
	})
}
