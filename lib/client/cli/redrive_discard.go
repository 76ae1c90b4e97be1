package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"heroku-drains/lib/client/deadletters"
	"heroku-drains/lib/client/plural"
	"heroku-drains/lib/drain"
)

// unreadable stands for all letters that cannot be opened, in place of an ID.
const unreadable = "unreadable"

// discard deletes the letters of --discard for good, after it has shown them and asked, and saves them before if there is a --save.
func (c *redriveCmd) discard(ctx context.Context, s *session, queue deadletters.Queue, app string) error {
	letters, err := c.toDiscard(ctx, s, queue, app)
	if err != nil {
		return err
	}
	if len(letters) == 0 {
		s.Note("There are no unreadable dead letters.")
		return c.printDiscarded(s, nil)
	}
	name, ids, changes := letters[0].App, []string{}, []string{}
	for _, l := range letters {
		if l.App != letters[0].App {
			name = ""
		}
		ids = append(ids, l.MessageID)
		changes = append(changes, "discard "+newLetterView(l, deadletters.Content{}).identity())
	}
	if drain.ValidateApp(name) != nil { // of several apps, or of none that is known
		name = s.flags.Stack
	}
	if c.Save == "" {
		changes = append(changes, "lose what is in "+map[bool]string{true: "it", false: "them"}[len(letters) == 1]+" (--save FILE keeps a copy)")
	}
	if err := s.confirm(ctx, name, changes); err != nil {
		return err
	}
	before := func(deadletters.Letter, deadletters.Content) error { return nil }
	var file *letterFile
	if c.Save != "" {
		if file, err = createLetters(s, c.Save); err != nil {
			return err
		}
		before = file.write
	}
	p := s.StartProgress("Discarding %s…", plural.Count(len(ids), "dead letter"))
	defer p.Stop()
	discarded, err := queue.Discard(ctx, ids, before)
	p.Stop()
	if file != nil {
		err = errors.Join(err, file.close())
	}
	if len(discarded) > 0 && file != nil {
		s.Note("Saved %s to %s.", plural.Count(len(discarded), "dead letter"), file.name)
	}
	if err == nil && len(discarded) < len(ids) {
		err = fmt.Errorf("%s not discarded: somebody has moved it, or is reading it; try again in 5 minutes", plural.Count(len(ids)-len(discarded), "dead letter"))
	}
	return errors.Join(err, c.printDiscarded(s, discarded))
}

// toDiscard returns the letters that --discard names.
func (c *redriveCmd) toDiscard(ctx context.Context, s *session, queue deadletters.Queue, app string) ([]deadletters.Letter, error) {
	p := s.StartProgress("Looking for the dead letters…")
	defer p.Stop()
	found, err := queue.List(ctx, math.MaxInt)
	p.Stop()
	if err != nil {
		return nil, err
	}
	var letters []deadletters.Letter
	missing := slices.Clone(c.Discard)
	missing = slices.DeleteFunc(missing, func(id string) bool { return id == unreadable })
	for _, l := range found.Letters {
		if app != "" && l.App != app {
			continue
		}
		named := slices.Contains(c.Discard, l.MessageID)
		if named || l.Err != nil && slices.Contains(c.Discard, unreadable) {
			letters = append(letters, l)
		}
		missing = slices.DeleteFunc(missing, func(id string) bool { return id == l.MessageID })
	}
	if len(missing) > 0 {
		of := ""
		if app != "" {
			of = " of " + app
		}
		return nil, fmt.Errorf("there is no dead letter%s with the ID %s; nothing was discarded. To see those there are: %s",
			of, strings.Join(missing, ", "), s.command("redrive --list"))
	}
	return letters, nil
}

func (c *redriveCmd) printDiscarded(s *session, discarded []deadletters.Letter) error {
	if s.flags.Output == "json" {
		ids := []string{}
		for _, l := range discarded {
			ids = append(ids, l.MessageID)
		}
		return s.PrintJSON(map[string]any{"data": map[string]any{"discarded": ids}})
	}
	return s.PrintRows([][2]string{{"Discarded", fmt.Sprint(len(discarded))}})
}
