package rehearsal

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"heroku-drains/lib/lambda/alerting/table"
)

// items is an alerting.Table in memory. Nothing expires. The zero value has no items.
type items struct {
	mu sync.Mutex
	by map[itemKey]table.Item
}

type itemKey struct{ app, key string }

// Get returns an item.
func (i *items) Get(_ context.Context, app, key string) (table.Item, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if item, ok := i.by[itemKey{app, key}]; ok {
		return item, nil
	}
	return table.Item{App: app, Key: key}, nil
}

// Put writes an item that was read with Get.
func (i *items) Put(_ context.Context, item table.Item) (table.Item, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	key := itemKey{item.App, item.Key}
	if i.by[key].Version != item.Version {
		return item, table.ErrChanged
	}
	item.Version++
	if i.by == nil {
		i.by = map[itemKey]table.Item{}
	}
	i.by[key] = item
	return item, nil
}

// App returns the items of an app whose keys begin with a prefix.
func (i *items) App(_ context.Context, app, prefix string) ([]table.Item, error) {
	return i.find(func(item table.Item) bool { return item.App == app && strings.HasPrefix(item.Key, prefix) }), nil
}

// All returns all items.
func (i *items) All(context.Context) ([]table.Item, error) {
	return i.find(func(table.Item) bool { return true }), nil
}

func (i *items) find(fits func(table.Item) bool) []table.Item {
	i.mu.Lock()
	defer i.mu.Unlock()
	var found []table.Item
	for _, item := range i.by {
		if fits(item) {
			found = append(found, item)
		}
	}
	slices.SortStableFunc(found, func(a, b table.Item) int { return cmp.Or(cmp.Compare(a.App, b.App), cmp.Compare(a.Key, b.Key)) })
	return found
}
