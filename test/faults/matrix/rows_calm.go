package matrix

import (
	"time"

	"heroku-drains/test/faults/lines"
)

// calmRows are rows without a fault: they show that the matrix itself is right.
func calmRows() []Row {
	sleep := func(w *World) error { return w.Sleep(time.Second / 2) }
	return []Row{
		{Name: "calm", Fault: "none", Short: true, Play: sleep},
		{Name: "calm-json", Fault: "none, JSON format", Short: true, Setup: Setup{Format: lines.JSON}, Play: sleep},
		{Name: "calm-quiet", Fault: "none, an app that prints the same sample again and again", Short: true, Setup: Setup{Rate: 150, Source: lines.NewQuiet}, Play: sleep},
		{Name: "calm-rate", Fault: "none, 400 lines a second from 8 nodes", Setup: Setup{Rate: 400, Nodes: 8}, Play: sleep},
		{Name: "calm-space", Fault: "none, a Private Space, with bodies of several queue messages", Short: true, Setup: Setup{Space: true, Nodes: 1, Source: lines.NewLarge}, Play: still(alone(1, 150))},
		{Name: "calm-space-json", Fault: "none, a Private Space, JSON format", Setup: Setup{Space: true, Format: lines.JSON}, Play: sleep},
	}
}
