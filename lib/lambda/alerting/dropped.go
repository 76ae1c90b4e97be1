package alerting

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/lambda/alerting/state"
)

const (
	// keepDropped is how long the counts of a day are kept, from its beginning.
	keepDropped = 15 * 24 * time.Hour

	// maxDroppedSeen is the number of messages that are recognized if they come again: fewer than those of alerts, because the item is written
	// for each batch with such lines, and nobody is called because of a wrong count.
	maxDroppedSeen = 100
)

// dropped is the item with what the drop rules of an app left out in a day.
type dropped struct {
	Rules map[string]droppedLines `json:"rules"`
	Seen  state.Seen              `json:"seen"`
}

type droppedLines struct {
	Lines int `json:"lines"`
	Kept  int `json:"kept,omitempty"`
}

// droppedKey returns the key of the item for a day.
func droppedKey(day time.Time) string { return droppedPrefix + day.UTC().Format(time.DateOnly) }

// recordDropped counts what a job says was left out.
func (h *Handler) recordDropped(ctx context.Context, j *job) error {
	return h.change(ctx, j.itemKey, func(old []byte) (change, error) {
		d, err := decodeDropped(old)
		if err != nil {
			return change{}, err
		}
		now := h.Now()
		for _, more := range j.dropped {
			id := more.Rule + " " + more.ID
			if d.Seen.Has(id) {
				continue
			}
			d.Seen.Add(id, now.Unix())
			lines := d.Rules[more.Rule]
			d.Rules[more.Rule] = droppedLines{Lines: lines.Lines + more.Lines, Kept: lines.Kept + more.Kept}
		}
		d.Seen.Limit(maxDroppedSeen)
		text, err := json.Marshal(d)
		return change{state: text, keep: latest(j.dropped[0].Day, now.Add(-keepDropped/2)).Add(keepDropped)}, err
	})
}

// listDropped returns what the drop rules of an app left out, the newest day first.
func (h *Handler) listDropped(ctx context.Context, app string) ([]alert.DroppedDay, error) {
	items, err := h.Table.App(ctx, app, droppedPrefix)
	if err != nil {
		return nil, err
	}
	days := []alert.DroppedDay{}
	for _, item := range slices.Backward(items) {
		day, err := time.Parse(time.DateOnly, strings.TrimPrefix(item.Key, droppedPrefix))
		if err != nil {
			return nil, fmt.Errorf("read the key %s of %s: %w", item.Key, app, err)
		}
		d, err := decodeDropped(item.State)
		if err != nil {
			return nil, err
		}
		for _, rule := range slices.Sorted(maps.Keys(d.Rules)) {
			days = append(days, alert.DroppedDay{Day: day, Rule: rule, Lines: d.Rules[rule].Lines, Kept: d.Rules[rule].Kept})
		}
	}
	return days, nil
}

func decodeDropped(text []byte) (dropped, error) {
	d := dropped{Rules: map[string]droppedLines{}}
	if text == nil {
		return d, nil
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return d, fmt.Errorf("read what drop rules left out: %w", err)
	}
	return d, nil
}
