//go:build !race

package localtest

// RaceDetector is explained in race.go.
const RaceDetector = false
