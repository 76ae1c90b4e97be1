package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/installation"
	"heroku-drains/lib/client/plural"
)

// deadCounts are the numbers of dead letters by app. nil: unknown.
type deadCounts struct {
	byApp   map[string]int
	atLeast bool // not all letters were read
}

// countDeadLetters counts the dead letters by app, or returns nil if they are unknown. If they cannot be read, it says so on stderr, and the verb goes
// on. SQS knows no counts by app: up to deadletters.SampleLimit letters are read, and are visible again at once. An empty queue costs one call.
func (s *session) countDeadLetters(ctx context.Context, both *installation.Sides) *deadCounts {
	if both.DeadLetterQueue == nil {
		return nil
	}
	found, err := both.DeadLetterQueue.List(ctx, deadletters.SampleLimit)
	if err != nil {
		if ctx.Err() == nil {
			s.Note("Cannot show dead letters: %s", errorText(err))
		}
		return nil
	}
	if !found.Complete() {
		s.Note("Only %d of %s were counted by app.", len(found.Letters), plural.Count(found.Total, "dead letter"))
	}
	return &deadCounts{byApp: found.ByApp(), atLeast: !found.Complete()}
}

// countRemaining is countDeadLetters for a verb that deletes drains: it also says if the dead-letter queue is unknown.
func (s *session) countRemaining(ctx context.Context, both *installation.Sides) *deadCounts {
	if both.DeadLetterQueue == nil {
		s.Note("Dead letters were not counted: their queue is unknown with --api-url.")
	}
	return s.countDeadLetters(ctx, both)
}

// of returns the number of an app's dead letters; nil: unknown.
func (d *deadCounts) of(app string) *deadView {
	if d == nil {
		return nil
	}
	return &deadView{count: d.byApp[app], atLeast: d.atLeast}
}

// among returns those of the apps that are known to have dead letters, sorted.
func (d *deadCounts) among(apps []string) []string {
	if d == nil {
		return nil
	}
	found := slices.DeleteFunc(slices.Clone(apps), func(app string) bool { return d.byApp[app] == 0 })
	slices.Sort(found)
	return slices.Compact(found)
}

// apps returns the apps that are known to have dead letters, sorted.
func (d *deadCounts) apps() []string {
	if d == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(d.byApp)), func(app string) bool { return app == "" })
}

// letters returns the number in words, such as "57 dead letters".
func (d *deadView) letters() string {
	if d.count == 1 && !d.atLeast {
		return "1 dead letter"
	}
	return d.text() + " dead letters"
}

// leaves says for the preview of a delete that an app's dead letters remain, and what to do before; empty if none are known.
func (d *deadCounts) leaves(s *session, app string) []string {
	if len(d.among([]string{app})) == 0 {
		return nil
	}
	letters := d.of(app)
	it := pronoun(letters.count)
	return []string{fmt.Sprintf("leave %s in the dead-letter queue, which cannot be moved back without the drain (first store %s: %s, or save %s: %s)",
		letters.letters(), it, s.command("redrive -a %s", app), it, s.command("redrive -a %s --save %s", app, app+"-dead-letters.jsonl"))}
}

// noteWithoutDrain says that the dead letters of apps without a drain remain, and what to do about them. destroyed says what else ends them, or is
// empty.
func (d *deadCounts) noteWithoutDrain(s *session, apps []string, destroyed string) {
	apps = d.among(apps)
	if len(apps) == 0 {
		return
	}
	total := deadView{atLeast: d.atLeast}
	var each []string
	for _, app := range apps {
		total.count += d.byApp[app]
		each = append(each, fmt.Sprintf("%d of %s", d.byApp[app], app))
	}
	put, redrive := s.command("put -a %s", apps[0]), s.command("redrive -a %s", apps[0])
	if len(apps) > 1 {
		s.Note("%s remain in the dead-letter queue (%s) until they are 14 days old%s. Without the drains, they cannot be moved back. To save them: %s. "+
			"To store them after all, create each drain again and redrive, for example: %s, then %s.",
			total.letters(), strings.Join(each, ", "), destroyed, s.command("redrive --save dead-letters.jsonl"), put, redrive)
		return
	}
	remain, they := "remain", "they are"
	if total.count == 1 {
		remain, they = "remains", "it is"
	}
	it := pronoun(total.count)
	s.Note("%s of %s %s in the dead-letter queue until %s 14 days old%s. Without the drain, %s cannot be moved back. To save %s: %s. To store %s after all: %s, then %s.",
		total.letters(), apps[0], remain, they, destroyed, strings.Fields(they)[0], it, s.command("redrive -a %s --save %s", apps[0], apps[0]+"-dead-letters.jsonl"),
		it, put, redrive)
}

// pronoun stands for n letters.
func pronoun(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
