package sqs

import "container/heap"

// messageHeap is a heap of messages. A message is in exactly one of its queue's heaps.
type messageHeap struct {
	messages []*message
	before   func(a, b *message) bool
}

func (h *messageHeap) Len() int           { return len(h.messages) }
func (h *messageHeap) Less(i, j int) bool { return h.before(h.messages[i], h.messages[j]) }

func (h *messageHeap) Swap(i, j int) {
	h.messages[i], h.messages[j] = h.messages[j], h.messages[i]
	h.messages[i].index, h.messages[j].index = i, j
}

// Push implements heap.Interface. Callers use put.
func (h *messageHeap) Push(x any) {
	m := x.(*message)
	m.heap, m.index = h, len(h.messages)
	h.messages = append(h.messages, m)
}

// Pop implements heap.Interface. Callers use unlink.
func (h *messageHeap) Pop() any {
	last := len(h.messages) - 1
	m := h.messages[last]
	h.messages[last] = nil
	h.messages = h.messages[:last]
	m.heap = nil
	return m
}

// first returns the first message in the heap's order, or nil if the heap is empty.
func (h *messageHeap) first() *message {
	if len(h.messages) == 0 {
		return nil
	}
	return h.messages[0]
}

// put moves a message into the heap, out of the one it was in.
func (h *messageHeap) put(m *message) {
	m.unlink()
	heap.Push(h, m)
}

// unlink removes a message from its heap, if it is in one.
func (m *message) unlink() {
	if m.heap != nil {
		heap.Remove(m.heap, m.index)
	}
}
