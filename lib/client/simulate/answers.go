package simulate

import (
	"math/bits"
	"time"
)

// Answers counts how long answers took. Its memory does not depend on how many there are: a time is counted with a precision of 1.6 %.
type Answers struct {
	Count int
	Max   time.Duration // exact

	buckets [64 << subBits]int32
}

// subBits is the logarithm of the number of buckets between one power of two and the next.
const subBits = 6

func (a *Answers) add(took time.Duration) {
	took = max(took, 0)
	a.Count++
	a.Max = max(a.Max, took)
	a.buckets[bucket(took)]++
}

// Since returns the answers that were added after an earlier state. Their Max is precise to 1.6 %.
func (a Answers) Since(earlier Answers) Answers {
	since := Answers{Count: a.Count - earlier.Count}
	for i := range a.buckets {
		since.buckets[i] = a.buckets[i] - earlier.buckets[i]
		if since.buckets[i] > 0 {
			since.Max = min(upper(i), a.Max)
		}
	}
	return since
}

// Quantile returns the time within which a share of the answers came: 0.99 for p99. It is 0 if there were none.
func (a Answers) Quantile(share float64) time.Duration {
	rest := int(share * float64(a.Count))
	for i, n := range a.buckets {
		if rest -= int(n); rest < 0 {
			return min(upper(i), a.Max)
		}
	}
	return a.Max
}

// bucket returns the bucket of a time: those below 2^subBits ns have one each, others share that many between two powers of two.
func bucket(d time.Duration) int {
	shift := max(bits.Len64(uint64(d))-subBits-1, 0)
	return shift<<subBits + int(d>>shift)
}

// upper returns the longest time in a bucket.
func upper(i int) time.Duration {
	shift := max(i>>subBits-1, 0)
	return (time.Duration(i-shift<<subBits)+1)<<shift - 1
}
