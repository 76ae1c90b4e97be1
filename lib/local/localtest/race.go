//go:build race

package localtest

// RaceDetector reports whether the tests run with the race detector, with which a program is about ten times slower. Tests that repeat one
// run in dozens of variations then take a few of them: each of these runs the same goroutines, and the tests without it take them all.
const RaceDetector = true
