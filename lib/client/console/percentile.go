package console

import (
	"cmp"
	"math"
	"slices"
)

// times are the service times of an app's requests in a minute, as far as Logs Insights tells them.
type times struct {
	count  int
	points []point // by share
}

// point says that this share of the requests took at most so many milliseconds.
type point struct{ share, ms float64 }

func (t times) sorted() times {
	slices.SortStableFunc(t.points, func(a, b point) int { return cmp.Compare(a.share, b.share) })
	return t
}

// percentile returns the time that this share of the requests of several apps did not exceed, or nil if there were none. For one app it is the one
// that Logs Insights computed. For several it is an estimate, as if an app's requests were spread evenly between the percentiles that are known
// of it: a second query would have to scan everything again.
func percentile(all []times, share float64) *float64 {
	all = slices.DeleteFunc(slices.Clone(all), func(t times) bool { return t.count == 0 || len(t.points) == 0 })
	if len(all) == 0 {
		return nil
	}
	total := 0.0
	var candidates []float64
	for _, t := range all {
		total += float64(t.count)
		for _, p := range t.points {
			if len(all) == 1 && p.share == share {
				return &p.ms
			}
			candidates = append(candidates, p.ms)
		}
	}
	slices.Sort(candidates)
	// The share of requests that took at most ms grows in straight lines between the candidates.
	below := func(ms float64) float64 {
		n := 0.0
		for _, t := range all {
			n += float64(t.count) * t.share(ms)
		}
		return n / total
	}
	low, lowShare := candidates[0], below(candidates[0])
	for _, high := range candidates {
		highShare := below(high)
		if highShare >= share {
			if highShare > lowShare && high > low {
				high = math.Round(low + (high-low)*max(0, share-lowShare)/(highShare-lowShare))
			}
			return &high
		}
		low, lowShare = high, highShare
	}
	return &low
}

// share returns the share of the requests that took at most so many milliseconds.
func (t times) share(ms float64) float64 {
	if ms >= t.points[len(t.points)-1].ms {
		return 1
	}
	for i := len(t.points) - 2; i >= 0; i-- {
		if a, b := t.points[i], t.points[i+1]; ms >= a.ms {
			return a.share + (b.share-a.share)*(ms-a.ms)/(b.ms-a.ms)
		}
	}
	return 0
}
