package watch

import (
	"context"
	"net/http"
	"time"

	"heroku-drains/lib/lambda/metrics"
)

const (
	// relistAfter is how long the list of apps with a drain is used. An app that got its drain after the list was read is not counted.
	relistAfter = 10 * time.Minute
	// listTimeout limits how long a refusal waits for the list.
	listTimeout = time.Second
)

// Refused counts a POST that got a status after which Heroku does not retry, if the POST may be from Heroku: its lines are lost. These are the
// 4xx statuses except 429. All of them except 401 mean that the password was valid, such as 404 if the drain was deleted. A 401 counts only if
// the app has a drain: otherwise, strangers who try names would raise the alarm. Strangers can cause at most one listing in ten minutes.
func (w *Watcher) Refused(ctx context.Context, app string, status int) {
	final := status >= 400 && status <= 499 && status != http.StatusTooManyRequests
	if !final || status == http.StatusUnauthorized && !w.hasDrain(ctx, app) {
		return
	}
	if err := w.Metrics.Write(w.Now(), metrics.RefusedPosts(1)); err != nil {
		w.Log.WarnContext(ctx, "a refused POST was not counted", "app", app, "error", err)
	}
}

// hasDrain reports whether an app had a queue when the queues were last listed.
func (w *Watcher) hasDrain(ctx context.Context, app string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := w.Now(); w.listed.IsZero() || now.Sub(w.listed) >= relistAfter {
		w.listed = now
		ctx, cancel := context.WithTimeout(ctx, listTimeout)
		defer cancel()
		names, err := w.queues(ctx)
		if err != nil { // the previous list is the best available
			w.Log.WarnContext(ctx, "cannot tell which apps have a drain, so refused POSTs may not be counted", "error", err)
			return w.drains[app]
		}
		w.drains = make(map[string]bool, len(names))
		for _, name := range names {
			if found, ok := w.Names.AppOfQueue(name); ok {
				w.drains[found] = true
			}
		}
	}
	return w.drains[app]
}
