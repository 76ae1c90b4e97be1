package credential_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"heroku-drains/lib/credential"
)

// sample is how long checks of one of two guesses took, in nanoseconds.
type sample []float64

// cropped returns the values below a limit: the longest ones are those of a machine that was busy with something else.
func (s sample) cropped(limit float64) sample {
	return slices.DeleteFunc(slices.Clone(s), func(v float64) bool { return v > limit })
}

func (s sample) moments() (mean, variance float64) {
	for _, v := range s {
		mean += v / float64(len(s))
	}
	for _, v := range s {
		variance += (v - mean) * (v - mean) / float64(len(s)-1)
	}
	return mean, variance
}

// welch returns Welch's t of two samples, and the difference of their means. Beyond ±4.5, the means differ in all likelihood; a leak gives hundreds.
// https://eprint.iacr.org/2016/1123
func welch(a, b sample) (t, difference float64) {
	all := slices.Sorted(slices.Values(slices.Concat(a, b)))
	limit := all[len(all)*9/10]
	a, b = a.cropped(limit), b.cropped(limit)
	meanA, varianceA := a.moments()
	meanB, varianceB := b.moments()
	return (meanA - meanB) / math.Sqrt(varianceA/float64(len(a))+varianceB/float64(len(b))), meanA - meanB
}

// leak measures whether the time that a check takes depends on how much of a guess is right: it checks two guesses in a random order, one with no
// right character, the other with all but the last.
func leak(n int, check func(guess string)) (t, difference float64) {
	right := credential.Password(oldKey, "shop")
	other := func(c byte) string { return map[bool]string{true: "A", false: "B"}[c != 'A'] }
	none := ""
	for i := range len(right) {
		none += other(right[i])
	}
	guesses := [2]string{none, right[:len(right)-1] + other(right[len(right)-1])}
	var samples [2]sample
	random := rand.New(rand.NewPCG(1, 2))
	for range n {
		which := random.IntN(2)
		start := time.Now()
		check(guesses[which])
		samples[which] = append(samples[which], float64(time.Since(start)))
	}
	return welch(samples[0], samples[1])
}

// TestTheTimeTellsNothingAboutAPassword checks that a guess which is nearly right takes as long as one which is all wrong. A busy machine can make
// one measurement look different, but not three.
func TestTheTimeTellsNothingAboutAPassword(t *testing.T) {
	vault := newVault()
	v := vault.new()
	check := func(guess string) {
		if good, _ := v.Verify(t.Context(), "shop", guess); good {
			t.Fatal("a guess was accepted")
		}
	}
	var statistic, difference float64
	for range 3 {
		if statistic, difference = leak(60_000, check); math.Abs(statistic) < 6 {
			return
		}
	}
	t.Errorf("a guess that is nearly right takes %.1f ns longer than one that is all wrong (t = %.1f)", -difference, statistic)
}

// BenchmarkWrongPasswords is for `-benchtime 1000000x`: what a million guesses cost, how often they read the key, and whether the time tells
// something (t beyond ±4.5). The other one is a comparison that stops at the first difference, to show that the measurement would find it.
func BenchmarkWrongPasswords(b *testing.B) {
	vault := newVault()
	v := vault.new()
	for name, check := range map[string]func(string){
		"Verify": func(guess string) {
			good, err := v.Verify(b.Context(), "shop", guess)
			if good || err != nil && !errors.Is(err, credential.ErrTooManyLooks) {
				b.Fatal(good, err)
			}
		},
		"comparison that leaks": func(guess string) {
			mac := hmac.New(sha256.New, oldKey)
			mac.Write([]byte("shop"))
			right := base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
			for i := range len(guess) {
				if guess[i] != right[i] {
					return
				}
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			before := vault.fetches
			t, difference := leak(b.N, check)
			b.ReportMetric(t, "t")
			b.ReportMetric(difference, "ns-difference")
			b.ReportMetric(float64(vault.fetches-before), "reads")
		})
	}
}
