package main

// mutants returns all mutants.
func mutants() []mutant {
	return []mutant{
		drains("early-answer", "kill-drains-before-SendMessage", "a POST is acknowledged before SendMessage", edit{"lib/lambda/ingest/ingester.go",
			`	err = i.queue.Send(ctx, r.App, messages)
`,
			`	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_ = i.queue.Send(ctx, r.App, messages)
	}()
`}),
		drains("swallowed-error", "sqs-5s", "a failure of SendMessage is answered with 200", edit{"lib/lambda/ingest/ingester.go",
			`	default:
		return http.StatusServiceUnavailable, err
	}
}`,
			`	default:
		return http.StatusOK, nil
	}
}`}),
		drains("missing-queue", "queue-deleted", "a POST for a drain without a queue is answered with 200", edit{"lib/lambda/ingest/ingester.go",
			`return http.StatusNotFound, err`, `return http.StatusOK, nil`}),
		drains("first-part", "calm-space", "only the first queue message of a large body is sent", edit{"lib/lambda/ingest/sender.go",
			`for i, message := range messages {`, `for i, message := range messages[:1] {`}),
		drains("impatient", "sqs-5s", "SendMessage is not repeated", edit{"lib/lambda/patient/patient.go",
			`if err == nil || final(err) {`, `if err != nil || final(err) || true {`}),

		storage("forgotten-failure", "logs-denied-alone", "the batch response leaves out one failure", edit{"lib/lambda/storage/handler.go",
			`return events.SQSEventResponse{BatchItemFailures: r.failures}, nil`,
			`return events.SQSEventResponse{BatchItemFailures: r.failures[min(len(r.failures), 1):]}, nil`}),
		storage("answer-before-put", "logs-denied-alone", "the batch response does not wait until lines are stored", edit{"lib/lambda/storage/handler.go",
			`	r.store(working, messages)
`, `	go r.store(context.WithoutCancel(working), messages)
	if len(messages) > 0 {
		return events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}, nil
	}
`}),
		storage("ignored-failure", "logs-denied-alone", "lines count as stored if PutLogEvents failed", edit{"lib/lambda/storage/run.go",
			`		log.ErrorContext(ctx, "events not put", "error", err)
		return err`, `		return nil`}),
		storage("early-mark", "logs-denied-alone", "messages are marked as stored before PutLogEvents", edit{"lib/lambda/storage/run.go",
			`	b := &r.batch
	switch err := r.put(`, `	b := &r.batch
	for key, rec := range b.records {
		r.stored.add(key, rec)
	}
	switch err := r.put(`}),
		storage("partly-whole", "logs-denied-part", "a message of which one call is stored counts as stored as a whole", edit{"lib/lambda/storage/run.go",
			`r.remember(ctx, key, rest[:n], false)`, `r.remember(ctx, key, rest[:n], true)`}),
		storage("first-call", "logs-denied-part", "of a message that takes several calls, only the first is made", edit{"lib/lambda/storage/run.go",
			`		rest = rest[n:]
	}
	r.batch.dropTail()`, `		rest = nil
	}
	r.batch.dropTail()`}),
		storage("lost-tail", "logs-denied-part", "a message that does not fit into a call any more is lost", edit{"lib/lambda/storage/batch.go",
			`b.events = b.events[:copy(b.events, b.tailEvents())]`, `b.events = b.events[:0]`}),
		storage("other-stream", "calm", "the lines of an app go to the stream of another", edit{"lib/lambda/storage/handler.go",
			`h.cfg.Names.Stream(q.app)`, `h.cfg.Names.Stream("shop")`}),
		storage("joined-apps", "logs-denied-alone", "a warm function takes every queue for that of the first app", edit{"lib/lambda/storage/queue.go",
			`	if q, ok := s.known[text]; ok {
		return q, nil
	}`, `	for _, q := range s.known {
		return q, nil
	}`}, edit{"lib/lambda/storage/claim.go", `if err == nil && env.App != r.app {`, `if err == nil && env.App == "" {`}),
		storage("joined-lines", "calm", "a long line is joined with the next one of another dyno", edit{"lib/logformat/join.go",
			`bytes.Equal(l.OriginalTime, other.OriginalTime) && bytes.Equal(l.Process, other.Process) &&`, `bytes.Equal(l.Process, other.Process) &&`},
			edit{"lib/logformat/join.go", `		if !l.chunk {
			j.open = slices.Delete(j.open, i, i+1)
		}`, `		_ = i`}),
		storage("unjoined-chunks", "calm", "the chunks of a long line are not joined", edit{"lib/logformat/join.go",
			`	if l.chunk {
		j.open =`, `	if l.chunk && len(l.Message) < 0 {
		j.open =`}),
		storage("last-line", "calm", "the last line of a body is left out", edit{"lib/lambda/storage/writer.go",
			`for i := range r.lines {`, `for i := range max(len(r.lines)-1, 1) {`}),
		storage("dropped-times", "calm", "lines whose time CloudWatch Logs does not accept are not moved", edit{"lib/lambda/storage/writer.go",
			`l.Time, l.Moved = w.window.clamp(l.Time)`, `_, l.Moved = w.window.clamp(l.Time)`}),
		storage("dropped-bytes", "calm", "bytes that are not UTF-8 are left out", edit{"lib/logformat/clean.go",
			`bytes.ToValidUTF8(text, replacement)`, `bytes.ToValidUTF8(text, nil)`}, edit{"lib/logformat/clean.go",
			`var replacement = []byte(string(utf8.RuneError))`, ``}),
		storage("no-frame-id", "logs-denied-alone", "two POSTs with the same lines are taken for copies", edit{"lib/lambda/storage/dedup.go",
			`text := env.App + "\n" + messageIdentity(env, messageID) + "\n" + string(sum[:])`, `text := env.App + "\n" + string(sum[:])`}),
		storage("busy-is-stored", "durable-copy-of-killed", "with durable deduplication, a message whose copy is claimed counts as stored", edit{"lib/lambda/storage/claim.go",
			`		log.InfoContext(ctx, "another invocation is storing a copy of the message: it will be delivered again")
		r.lose(req.key)`, `		r.stored.add(req.key, record{whole: true})`}),
		storage("claimed-is-stored", "durable-calm", "with durable deduplication, a claim says that the message is stored", edit{"lib/lambda/claims/table.go",
			`return &Claim{table: t, item: next}, next.stored, nil`, `return &Claim{table: t, item: next}, Stored{Whole: true}, nil`}),
		storage("copied-batch", "calm", "the lines of a batch are stored twice", edit{"lib/lambda/storage/sender.go",
			`	out, err := s.call(ctx, in)
	if isNotFound(err) {`, `	_, _ = s.call(ctx, in)
	out, err := s.call(ctx, in)
	if isNotFound(err) {`}),
	}
}
