package herokufake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Drain is a log drain of an app.
type Drain struct {
	ID, Token string // if empty, AddDrain chooses them
	URL       string
	AddOn     string // the add-on that it belongs to; empty if a person added it
	CreatedAt time.Time
}

// AddDrain adds a drain to an app without a request, such as an add-on's or an older one. The app must exist.
func (s *Server) AddDrain(appName string, d Drain) Drain {
	s.mu.Lock()
	defer s.mu.Unlock()
	added, err := s.add(s.apps[appName], d)
	if err != nil {
		panic(fmt.Sprintf("herokufake: %v", err)) // cannot happen without Options.File
	}
	return added
}

// Drains returns the drains of an app.
func (s *Server) Drains(appName string) []Drain {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.apps[appName].drains)
}

// OnChange makes the Server call f with the drains of an app after each change of them. f must not call the Server.
func (s *Server) OnChange(f func(app string, drains []Drain)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onChange = f
}

// change gives an app other drains, keeps them, and tells OnChange's function. If they cannot be kept, nothing changes. The caller must hold s.mu.
func (s *Server) change(a *app, drains []Drain) error {
	before := a.drains
	a.drains = drains
	if err := s.save(); err != nil {
		a.drains = before
		return err
	}
	if s.onChange != nil {
		s.onChange(a.Name, slices.Clone(drains))
	}
	return nil
}

func (s *Server) add(a *app, d Drain) (Drain, error) {
	if d.ID == "" {
		d.ID = s.newID()
	}
	if d.Token == "" {
		d.Token = "d." + s.newID()
	}
	return d, s.change(a, append(slices.Clone(a.drains), d))
}

func (s *Server) listDrains(r *http.Request) answer {
	a, otherwise := s.find(r)
	if a == nil {
		return otherwise
	}
	objects := []object{}
	for _, d := range a.drains {
		objects = append(objects, object{id: d.ID, body: d.json()})
	}
	return s.page(r, objects)
}

// addDrain rejects what Heroku rejects. Heroku does not publish its messages; these contain the same keywords.
func (s *Server) addDrain(r *http.Request) answer {
	a, otherwise := s.find(r)
	if a == nil {
		return otherwise
	}
	var given struct {
		URL string `json:"url"`
	}
	if err := json.NewDecoder(r.Body).Decode(&given); err != nil {
		return refusal(http.StatusBadRequest, "bad_request", "Request invalid, validate usage and try again.")
	}
	u, err := url.Parse(given.URL)
	switch {
	case a.Generation == "fir":
		return refusal(http.StatusUnprocessableEntity, "invalid_params", "Log drains are not supported for Fir-generation apps.")
	case err != nil || u.Host == "" || !slices.Contains(schemes(), u.Scheme):
		return refusal(http.StatusUnprocessableEntity, "invalid_params", "Url is invalid")
	case slices.ContainsFunc(a.drains, func(d Drain) bool { return d.URL == given.URL }):
		return refusal(s.options.DuplicateStatus, duplicateID(s.options.DuplicateStatus), "Url has already been taken")
	case len(a.drains) >= s.options.DrainLimit:
		return refusal(http.StatusUnprocessableEntity, "invalid_params",
			fmt.Sprintf("You've reached the limit of %d log drains for this app.", s.options.DrainLimit))
	}
	added, err := s.add(a, Drain{URL: given.URL, CreatedAt: time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return broken(err)
	}
	return ok(http.StatusCreated, added.json())
}

// broken is the response to a request that could not be carried out.
func broken(err error) answer {
	return refusal(http.StatusInternalServerError, "internal_server_error", err.Error())
}

// schemes are those of the drains that Logplex has: https://devcenter.heroku.com/articles/log-drains. It accepts http, too, without saying so.
func schemes() []string { return []string{"https", "http", "syslog", "syslog+tls"} }

func duplicateID(status int) string {
	if status == http.StatusConflict {
		return "conflict"
	}
	return "invalid_params"
}

// findDrain returns the app and the index of its drain in the path of a request, by its id, token or URL. Without one, it returns nil and the
// answer.
func (s *Server) findDrain(r *http.Request) (a *app, i int, otherwise answer) {
	if a, otherwise = s.find(r); a == nil {
		return nil, 0, otherwise
	}
	id := r.PathValue("id")
	i = slices.IndexFunc(a.drains, func(d Drain) bool { return id == d.ID || id == d.Token || id == d.URL })
	if i < 0 {
		return nil, 0, notFound("log_drain", "Couldn't find that log drain.")
	}
	return a, i, answer{}
}

func (s *Server) getDrain(r *http.Request) answer {
	a, i, otherwise := s.findDrain(r)
	if a == nil {
		return otherwise
	}
	return ok(http.StatusOK, a.drains[i].json())
}

func (s *Server) removeDrain(r *http.Request) answer {
	a, i, otherwise := s.findDrain(r)
	if a == nil {
		return otherwise
	}
	d := a.drains[i]
	if d.AddOn != "" {
		return refusal(http.StatusForbidden, "forbidden", "Log drains added by add-ons can only be removed by removing the add-on.")
	}
	if err := s.change(a, slices.Delete(slices.Clone(a.drains), i, i+1)); err != nil {
		return broken(err)
	}
	return ok(http.StatusOK, d.json())
}

func (d Drain) json() map[string]any {
	return map[string]any{
		"id": d.ID, "token": d.Token, "url": d.URL, "addon": named(d.AddOn), "created_at": d.CreatedAt, "updated_at": d.CreatedAt,
	}
}
