package alerting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"heroku-drains/lib/alert"
)

const (
	// maxReleases is how many releases of an app are remembered: the newest may have come after an alert began.
	maxReleases = 5
	maxVersion  = 20 // bytes
	keepRelease = 60 * 24 * time.Hour
)

// releases is the item with an app's releases, the oldest first.
type releases struct {
	All []alert.Release `json:"releases"`
}

// recordRelease remembers the releases of a job.
func (h *Handler) recordRelease(ctx context.Context, j *job) error {
	return h.change(ctx, j.itemKey, func(old []byte) (change, error) {
		known, err := decodeReleases(old)
		if err != nil {
			return change{}, err
		}
		for _, r := range j.releases {
			if len(r.Version) > maxVersion || slices.ContainsFunc(known.All, func(k alert.Release) bool { return k.Version == r.Version }) {
				continue
			}
			known.All = append(known.All, r)
		}
		slices.SortStableFunc(known.All, func(a, b alert.Release) int { return a.Time.Compare(b.Time) })
		known.All = known.All[max(len(known.All)-maxReleases, 0):]
		text, err := json.Marshal(known)
		return change{state: text, keep: h.Now().Add(keepRelease)}, err
	})
}

// releaseBefore returns the newest release of an app before a time, if one is known.
func (h *Handler) releaseBefore(ctx context.Context, app string, at time.Time) (*alert.Release, error) {
	item, err := h.Table.Get(ctx, app, releaseKey)
	if err != nil {
		return nil, err
	}
	known, err := decodeReleases(item.State)
	if err != nil {
		return nil, err
	}
	for _, r := range slices.Backward(known.All) {
		if !r.Time.After(at) {
			return &r, nil
		}
	}
	return nil, nil
}

func decodeReleases(text []byte) (releases, error) {
	var known releases
	if text == nil {
		return known, nil
	}
	if err := json.Unmarshal(text, &known); err != nil {
		return known, fmt.Errorf("read the releases of an app: %w", err)
	}
	return known, nil
}
