package logs_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heroku-drains/lib/client/logs"
)

func TestLevelOf(t *testing.T) {
	for text, want := range map[string]logs.Level{
		"app[web.1]: hello":                                  logs.Info,
		"app[web.1]: no error: all is well":                  logs.Info,
		"app[web.1]: the ERRORS of others":                   logs.Info,
		"app[web.1]: error: all is lost":                     logs.Error,
		"app[web.1]: Error: Cannot find module":              logs.Error,
		"app[web.1]: ERROR 2026-11-22 no":                    logs.Error,
		"app[web.1]: 2026-11-22 15:17:21 [shop] [warn] oh":   logs.Warning,
		"app[web.1]: [2026-11-22 15:17:21 +0000] [4] [INFO]": logs.Info,
		"app[web.1]: F, [2026-11-22T15:17:21 #4] FATAL -- :": logs.Critical,
		"app[web.1]: time=x level=error msg=y":               logs.Error,
		`app[web.1]: {"level":"WARN"}`:                       logs.Warning,
		`app[web.1]: {"level":50}`:                           logs.Error,
		`app[web.1]: {"level":50.5}`:                         logs.Info,
		`app[web.1]: {"severity":"CRITICAL"}`:                logs.Critical,
		`app[web.1]: {"levelname":"DEBUG"}`:                  logs.Debug,
		`app[web.1]: {"level":{"x":1},"lvl":"err"}`:          logs.Error,
		`app[web.1]: {"level":"error"`:                       logs.Info,
		"app[web.1]: 50 ERRORS":                              logs.Info,
		"app[web.1]: 50":                                     logs.Info,
		"heroku[router]: at=error code=H12 status=503":       logs.Error,
		"heroku[router]: at=info status=500 bytes=1":         logs.Error,
		"heroku[router]: at=info path=/ERROR status=200":     logs.Info,
		"heroku[router]: at=warning code=H80 status=200":     logs.Warning,
		"heroku[web.1]: Error R14 (Memory quota exceeded)":   logs.Error,
		"heroku[web.1]: Process exited with status 137":      logs.Error,
		"heroku[web.1]: Process exited with status 0":        logs.Info,
		"heroku[web.1]: State changed from up to crashed":    logs.Error,
		"heroku[web.1]: State changed from crashed to up":    logs.Info,
		"app[heroku-postgres]: ERROR: no":                    logs.Error,
		`{"time":"2026-11-22T15:17:21Z","source":"app","process":"web.1","severity":"err","message":"x"}`:           logs.Error,
		`{"time":"2026-11-22T15:17:21Z","source":"app","process":"web.1","severity":"err","message":"DEBUG x"}`:     logs.Debug,
		`{"time":"2026-11-22T15:17:21Z","source":"heroku","process":"router","severity":"info","message":"at=inf"}`: logs.Info,
	} {
		l := logs.ReadLine(eventOf(text))
		if got := logs.LevelOf(&l); got != want {
			t.Errorf("%s: level %d, want %d", text, got, want)
		}
	}
	for _, word := range []string{"", "50", "errors", "loud"} {
		if l, err := logs.ParseLevel(word); err == nil {
			t.Errorf("%q is read as level %d", word, l)
		}
	}
	for word, want := range map[string]logs.Level{"ERROR": logs.Error, "warn": logs.Warning, "fatal": logs.Critical} {
		if l, err := logs.ParseLevel(word); err != nil || l != want {
			t.Errorf("%q: level %d, %v", word, l, err)
		}
	}
}

// What is searched for finds each line that is selected, in both formats.
func FuzzLevel(f *testing.F) {
	for _, message := range []string{
		"ERROR x", "[Warn] x", "E, [x", "E,", `{"level":50}`, `{"level":"e\u0072ror"}`, "a b level=fatal", "Error R14 (x)", "Process exited with status 1",
		"State changed from up to crashed", "at=error", "service=1ms status=503", "(PANIC)", "Severe:", `{"Lvl":60}`, "level=50", `{"level":"50"}`, "eRROR: x", "{\"level\": 50}", "level=Warn",
	} {
		f.Add("app", "web.1", message)
		f.Add("heroku", "router", message)
	}
	f.Fuzz(func(t *testing.T, source, process, message string) {
		if strings.ContainsAny(source+process, "[]{} ") || strings.Contains(message, `\u`) || strings.ContainsAny(message, "\t\r\n") {
			// An escaped letter is not found, nor is a number after a tab.
			return
		}
		for _, text := range inBothFormats(objectAt, source, process, "", strings.ToValidUTF8(message, "?")) {
			e := eventOf(text)
			l := logs.ReadLine(e)
			for _, level := range []logs.Level{logs.Warning, logs.Error, logs.Critical} {
				if logs.LevelOf(&l) < level {
					continue
				}
				contains := func(text string) bool { return strings.Contains(aws.ToString(e.Message), text) }
				if !slices.ContainsFunc(level.Texts(), contains) {
					t.Errorf("level %d of %q is not searched for", level, text)
				}
			}
		}
	})
}
