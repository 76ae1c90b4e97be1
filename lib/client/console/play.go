package console

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"heroku-drains/lib/client/delivery"
	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/drain"
)

const (
	// maxPlayed limits the lines of one request, and maxPlays the apps that get lines at the same time.
	maxPlayed = 10_000
	maxPlays  = 8
	// playTime is about how long lines are sent, so that they can be seen to arrive, and leastRate the fewest lines per second.
	playTime  = 8 * time.Second
	leastRate = 50
	// playLimit limits the whole, with the creation of the drain: SQS blocks the name of a deleted queue for a minute.
	playLimit = 3 * time.Minute
	// maxBody limits a request's body, in bytes.
	maxBody = 4096
)

// play is test traffic for an app of the local system, as the page asks for it: lines, or a scenario.
type play struct {
	App      string    `json:"app"`
	Lines    int       `json:"lines,omitempty"`
	Scenario string    `json:"scenario,omitempty"`
	Began    time.Time `json:"began"`
	State    string    `json:"state"` // running, done or failed
	Sent     int       `json:"sent"`  // lines
	Lost     int       `json:"lost"`  // lines that the drain did not accept
	Message  string    `json:"message,omitempty"`
}

const (
	running = "running"
	done    = "done"
	failed  = "failed"
)

// plays are what was sent last to each app.
type plays struct {
	mu    sync.Mutex
	byApp map[string]*play
}

// servePlays answers with what is being sent, and what was sent last to each app.
func (c *Console) servePlays(w http.ResponseWriter, _ *http.Request) error {
	c.plays.mu.Lock()
	defer c.plays.mu.Unlock()
	all := []play{}
	for _, p := range c.plays.byApp {
		all = append(all, *p)
	}
	slices.SortStableFunc(all, func(a, b play) int { return cmp.Compare(a.App, b.App) })
	answer(w, http.StatusOK, map[string]any{"data": all})
	return nil
}

// startPlay begins to send, and answers at once.
func (c *Console) startPlay(w http.ResponseWriter, r *http.Request) error {
	var wanted struct {
		App      string `json:"app"`
		Lines    int    `json:"lines"`
		Scenario string `json:"scenario"`
	}
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	body.DisallowUnknownFields()
	if err := body.Decode(&wanted); err != nil {
		return refuse(http.StatusBadRequest, `The request must be a JSON object such as {"app":"shop","lines":500}.`)
	}
	if err := drain.ValidateApp(wanted.App); err != nil {
		return invalidValue(err)
	}
	p := &play{App: wanted.App, Lines: wanted.Lines, Scenario: wanted.Scenario, Began: c.opts.Now().UTC(), State: running}
	send, err := p.sender()
	if err != nil {
		return err
	}
	if err := c.plays.begin(p); err != nil {
		return err
	}
	c.goWork(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, playLimit)
		defer cancel()
		c.plays.end(p, c.play(ctx, p, send), c.explain)
	})
	c.plays.mu.Lock()
	defer c.plays.mu.Unlock()
	answer(w, http.StatusAccepted, map[string]any{"data": p})
	return nil
}

// sender returns the function that sends what was asked for.
func (p *play) sender() (func(context.Context, *simulate.Generator, *delivery.Sender, func(delivery.Result)) error, error) {
	if p.Scenario == "" {
		if p.Lines < 1 || p.Lines > maxPlayed {
			return nil, invalid("lines", "must be from 1 to "+strconv.Itoa(maxPlayed))
		}
		plan := simulate.Plan{Lines: p.Lines, Rate: max(leastRate, float64(p.Lines)/playTime.Seconds())}
		return func(ctx context.Context, g *simulate.Generator, s *delivery.Sender, report func(delivery.Result)) error {
			_, err := simulate.Run(ctx, g, s, plan, report)
			return err
		}, nil
	}
	if p.Lines != 0 {
		return nil, invalid("lines", "cannot be used with a scenario")
	}
	for _, sc := range simulate.Scenarios() {
		if sc.Name == p.Scenario {
			return func(ctx context.Context, g *simulate.Generator, s *delivery.Sender, report func(delivery.Result)) error {
				_, err := simulate.Play(ctx, g, s, sc, report)
				return err
			}, nil
		}
	}
	return nil, refuse(http.StatusBadRequest, "There is no scenario "+strconv.Quote(p.Scenario)+".")
}

// begin notes that a play is running. An app gets one at a time.
func (all *plays) begin(p *play) error {
	all.mu.Lock()
	defer all.mu.Unlock()
	atOnce := 0
	for _, other := range all.byApp {
		if other.State == running {
			atOnce++
		}
	}
	if other := all.byApp[p.App]; other != nil && other.State == running {
		return refuse(http.StatusConflict, p.App+" is being sent test traffic already. Wait until it is sent.")
	}
	if atOnce >= maxPlays {
		return refuse(http.StatusTooManyRequests, fmt.Sprintf("%d apps are being sent test traffic already. Wait until one has got it.", atOnce))
	}
	if all.byApp == nil {
		all.byApp = map[string]*play{}
	}
	all.byApp[p.App] = p
	return nil
}

// end notes how a play ended.
func (all *plays) end(p *play, err error, explain func(error) string) {
	all.mu.Lock()
	defer all.mu.Unlock()
	p.State = done
	if err != nil {
		p.State, p.Message = failed, explain(err)
	}
}

// play sends the lines. It creates the drain if there is none.
func (c *Console) play(ctx context.Context, p *play, send func(context.Context, *simulate.Generator, *delivery.Sender, func(delivery.Result)) error) error {
	aws, err := c.opts.Installation.AWSOnly(ctx)
	if err != nil {
		return err
	}
	d, created, err := aws.PutAWS(ctx, p.App, drain.Patch{})
	if err != nil {
		return fmt.Errorf("create the drain for %s: %w", p.App, err)
	}
	if created {
		c.list.forget()
	}
	generator := simulate.New(p.App, rand.Uint64())
	sender, err := delivery.NewSender(d.DrainURL, generator.Token())
	if err != nil {
		return err
	}
	err = send(ctx, generator, sender, func(r delivery.Result) {
		c.plays.mu.Lock()
		defer c.plays.mu.Unlock()
		p.Sent += r.Lines
		if r.Lost {
			p.Lost += r.Lines
		}
	})
	if err != nil {
		return fmt.Errorf("send lines to %s: %w", p.App, err)
	}
	return nil
}
