package sqs

import "container/heap"

// pile is a heap of messages in some order; each message is in one pile of its queue at a time and knows its place there.
type pile struct {
	messages []*message
	before   func(a, b *message) bool
}

func (p *pile) Len() int           { return len(p.messages) }
func (p *pile) Less(i, j int) bool { return p.before(p.messages[i], p.messages[j]) }

func (p *pile) Swap(i, j int) {
	p.messages[i], p.messages[j] = p.messages[j], p.messages[i]
	p.messages[i].place, p.messages[j].place = i, j
}

// Push and Pop are for container/heap alone; put and take are for everyone else.
func (p *pile) Push(x any) {
	m := x.(*message)
	m.pile, m.place = p, len(p.messages)
	p.messages = append(p.messages, m)
}

// Pop removes the last message, as container/heap asks.
func (p *pile) Pop() any {
	last := len(p.messages) - 1
	m := p.messages[last]
	p.messages[last] = nil
	p.messages = p.messages[:last]
	m.pile = nil
	return m
}

func (p *pile) first() *message {
	if len(p.messages) == 0 {
		return nil
	}
	return p.messages[0]
}

// put moves a message here from the pile it was in.
func (p *pile) put(m *message) {
	m.leave()
	heap.Push(p, m)
}

// leave takes a message off its pile.
func (m *message) leave() {
	if m.pile != nil {
		heap.Remove(m.pile, m.place)
	}
}
