//go:build !race

package cli_test

// raceDetector is explained in race_test.go.
const raceDetector = false
