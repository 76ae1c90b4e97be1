package lambda

import (
	"heroku-drains/lib/local/awslocal/internal/lambda/runtimeapi"
	"heroku-drains/lib/local/awslocal/internal/meter"
)

// count counts an invocation, and its duration times the memory. One that fails or times out is billed as any other; one that Lambda has rejected never
// comes here. https://aws.amazon.com/lambda/pricing/
func (s *Service) count(f *function, used runtimeapi.Used) {
	s.config.Meter.Add(meter.Key{Unit: meter.Invocations, Resource: f.Name}, 1)
	billed := used.Billed(f.MemoryMB).Milliseconds()
	s.config.Meter.Add(meter.Key{Unit: meter.MBMilliseconds, Resource: f.Name}, int64(f.MemoryMB)*billed)
	s.config.Meter.Publish(s.config.Clock.Now(), meter.OfFunction(meter.InvocationCount, f.Name), 1)
	s.config.Meter.Publish(s.config.Clock.Now(), meter.OfFunction(meter.Duration, f.Name), float64(billed))
}

// Polling returns how many event source mappings poll a queue.
func (s *Service) Polling() int { return s.mappings.Polling() }
