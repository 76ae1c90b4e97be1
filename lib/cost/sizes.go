package cost

// sealed is the length of the message of a POST, both in bytes.
type sealed struct{ body, message float64 }

// sealedSizes are lengths of messages of simulated traffic, as the drains function packs it: compressed from 4 KB on, in base64. A test of
// docs/costs compares them with real ones.
func sealedSizes() []sealed {
	return []sealed{
		{4096, 2050}, {5000, 2436}, {7000, 3128}, {10_000, 3772}, {15_000, 4824}, {20_000, 5948}, {30_000, 7788}, {40_000, 9348}, {50_000, 10_972}, {60_000, 10_984},
		{70_000, 11_628}, {80_000, 12_964}, {90_000, 14_412}, {100_000, 15_836}, {200_000, 27_648}, {500_000, 70_380},
	}
}

// The message of a POST that is not compressed.
const (
	sealedHeader = 255     // bytes
	base64       = 4 / 3.0 // characters for each byte
)

// SealedSize returns the length of the SQS message of a POST, in bytes.
func SealedSize(bytes float64) float64 {
	sizes := sealedSizes()
	if bytes < sizes[0].body {
		return sealedHeader + bytes*base64
	}
	last := sizes[len(sizes)-1]
	for i, next := range sizes[1:] {
		if before := sizes[i]; bytes <= next.body {
			return before.message + (bytes-before.body)/(next.body-before.body)*(next.message-before.message)
		}
	}
	return bytes * last.message / last.body
}

// Format is how lines are stored.
type Format string

// The formats. See package logformat.
const (
	Text Format = "text"
	JSON Format = "json"
)

// Billed returns how many bytes CloudWatch Logs charges for each byte that Heroku sends, with simulated traffic. A test of docs/costs measures it.
func (f Format) Billed() float64 {
	if f == JSON {
		return 1.15
	}
	return 0.90
}
