package herokufake

import (
	"fmt"
	"net/http"
	"time"
)

// App is a Heroku app.
type App struct {
	Name       string
	Team       string // empty: the account's own
	Space      string // empty: none
	Generation string // empty: cedar
	Denied     bool   // the account may see it in lists, and no more: 403
}

type app struct {
	App
	id     string
	drains []Drain
}

// AddApp makes an app. One of that name that was there before is gone, and its drains with it.
func (s *Server) AddApp(a App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.Generation == "" {
		a.Generation = "cedar"
	}
	s.apps[a.Name] = &app{App: a, id: s.newID()}
}

// find is the app of a request's path, by its name or its id; with why not if the account cannot have it.
func (s *Server) find(r *http.Request) (found *app, why answer) {
	identity := r.PathValue("app")
	for _, a := range s.apps {
		switch {
		case a.Name != identity && a.id != identity:
		case a.Denied:
			return nil, refusal(http.StatusForbidden, "forbidden", fmt.Sprintf("You do not have access to the app %s.", a.Name))
		default:
			return a, answer{}
		}
	}
	return nil, missing("app", "Couldn't find that app.")
}

func (s *Server) getApp(r *http.Request) answer {
	a, why := s.find(r)
	if a == nil {
		return why
	}
	return ok(http.StatusOK, a.json())
}

func (s *Server) listApps(r *http.Request) answer {
	var objects []object
	for _, a := range s.apps {
		objects = append(objects, object{a.id, a.Name, a.json()})
	}
	return s.page(r, objects)
}

// listTeamApps leaves out the generation, as Heroku's schema of team apps does.
func (s *Server) listTeamApps(r *http.Request) answer {
	var objects []object
	for _, a := range s.apps {
		if a.Team == r.PathValue("team") {
			body := a.json()
			delete(body, "generation")
			objects = append(objects, object{a.id, a.Name, body})
		}
	}
	if objects == nil {
		return missing("team", "Couldn't find that team.")
	}
	return s.page(r, objects)
}

func (a *app) json() map[string]any {
	return map[string]any{
		"id": a.id, "name": a.Name, "created_at": time.Unix(0, 0).UTC(),
		"generation": map[string]string{"name": a.Generation},
		"team":       named(a.Team), "space": named(a.Space),
	}
}

// named is a reference to something that has a name; null where there is none.
func named(name string) any {
	if name == "" {
		return nil
	}
	return map[string]string{"name": name}
}
