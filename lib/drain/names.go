package drain

import "strings"

// Names are a stack's names of what exists per app.
type Names struct {
	LogGroup     string // holds the streams of all apps
	StreamPrefix string
	QueuePrefix  string // at most 50 characters: a queue's name has 80, an app's 30
}

// Stream is the name of an app's log stream.
func (n Names) Stream(app string) string { return n.StreamPrefix + app }

// Queue is the name of an app's queue.
func (n Names) Queue(app string) string { return n.QueuePrefix + app }

// App is the app whose queue this is, and false when the name is none that Queue makes: other queues may share the prefix.
func (n Names) App(queue string) (string, bool) { return cutApp(queue, n.QueuePrefix) }

// appOfStream is to streams what App is to queues.
func (n Names) appOfStream(stream string) (string, bool) { return cutApp(stream, n.StreamPrefix) }

func cutApp(name, prefix string) (string, bool) {
	app, ok := strings.CutPrefix(name, prefix)
	if !ok || ValidateApp(app) != nil {
		return "", false
	}
	return app, true
}
