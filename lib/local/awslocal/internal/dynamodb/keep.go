package dynamodb

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
	"heroku-drains/lib/local/awslocal/internal/journal"
)

const (
	keyTable = "dynamodb/table/" // and the ID, because a name can be used again
	keyItem  = "dynamodb/item/"  // and the ID of the table and the primary key
)

// tableRecord is a table as the journal keeps it.
type tableRecord struct {
	Name                string
	Keys                []keyRecord
	Created, ActiveAt   time.Time
	DeletedAt, GoneAt   time.Time
	TTL                 string // the attribute; empty: disabled
	TTLChanged, TTLDone time.Time
}

type keyRecord struct {
	Name string
	Type attr.Type
}

// Key implements journal.Entity.
func (t *table) Key() string { return keyTable + t.id }

// Record implements journal.Entity.
func (t *table) Record() any {
	r := tableRecord{
		Name: t.name, Created: t.created, ActiveAt: t.activeAt, DeletedAt: t.deletedAt, GoneAt: t.goneAt,
		TTL: t.ttl.attribute, TTLChanged: t.ttl.changed, TTLDone: t.ttl.settledAt,
	}
	for _, k := range t.keys {
		r.Keys = append(r.Keys, keyRecord{Name: k.name, Type: k.typ})
	}
	return r
}

// keptItem is what a table has under a key. A nil item is gone.
type keptItem struct {
	table string // ID
	key   key
	item  attr.Item
}

// Key implements journal.Entity.
func (k keptItem) Key() string {
	return keyItem + k.table + "/" + hex.EncodeToString([]byte(k.key.place)) + "/" + k.key.sort.String()
}

// Record implements journal.Entity.
func (k keptItem) Record() any {
	if k.item == nil {
		return nil
	}
	return k.item
}

// restore reads the tables and their items from the journal. Items are as old as their table: every read finds them at once.
func (s *Service) restore() error {
	now := s.config.Clock.Now()
	byID := make(map[string]*table)
	err := journal.Each(s.config.Journal, keyTable, func(id string, r *tableRecord) error {
		t := &table{
			name: r.Name, arn: s.arn(r.Name), id: id, created: r.Created, activeAt: r.ActiveAt, deletedAt: r.DeletedAt, goneAt: r.GoneAt,
			ttl: timeToLive{attribute: r.TTL, changed: r.TTLChanged, settledAt: r.TTLDone}, items: store{lag: s.config.Lag.Reads},
		}
		for _, k := range r.Keys {
			t.keys = append(t.keys, keyAttribute{name: k.Name, typ: k.Type})
		}
		if t.gone(now) {
			return nil
		}
		s.tables[t.name], byID[id] = t, t
		return nil
	})
	if err != nil {
		return err
	}
	return journal.Each(s.config.Journal, keyItem, func(id string, wires *map[string]attr.Wire) error {
		tableID, _, _ := strings.Cut(id, "/")
		t := byID[tableID]
		if t == nil {
			return nil // it was deleted
		}
		item, err := attr.ParseItem(*wires)
		if err != nil {
			return err
		}
		k, err := t.keyOfItem(item)
		if err != nil {
			return fmt.Errorf("an item of the table %s: %w", t.name, err)
		}
		t.items.set(k, item, t.created)
		return nil
	})
}

// Entities is a journal.Source.
func (s *Service) Entities(save func(journal.Entity)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Clock.Now()
	for _, t := range s.tables {
		if t.gone(now) {
			continue
		}
		save(t)
		for _, r := range t.items.records {
			if item := r.at(now); item != nil {
				save(keptItem{table: t.id, key: r.key, item: item})
			}
		}
	}
}
