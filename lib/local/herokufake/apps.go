package herokufake

import (
	"fmt"
	"net/http"
	"time"
)

// App is a Heroku app.
type App struct {
	Name       string
	Team       string // empty for the account's own
	Space      string // empty for none
	Generation string // empty for cedar
	Denied     bool   // the account only sees it in lists; other requests are answered with 403
}

type app struct {
	App
	id     string
	drains []Drain
}

// AddApp adds an app, with the drains that Options.File has of it. It replaces an app of the same name, with its drains.
func (s *Server) AddApp(a App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.Generation == "" {
		a.Generation = "cedar"
	}
	s.apps[a.Name] = &app{App: a, id: s.newID(), drains: s.kept[a.Name]}
	delete(s.kept, a.Name)
}

// find returns the app in the path of a request, by its name or id. If the account cannot access it, it returns nil and the answer.
func (s *Server) find(r *http.Request) (found *app, otherwise answer) {
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
	return nil, notFound("app", "Couldn't find that app.")
}

func (s *Server) getApp(r *http.Request) answer {
	a, otherwise := s.find(r)
	if a == nil {
		return otherwise
	}
	return ok(http.StatusOK, a.json())
}

func (s *Server) listApps(r *http.Request) answer {
	var objects []object
	for _, a := range s.apps {
		objects = append(objects, object{id: a.id, name: a.Name, body: a.json()})
	}
	return s.page(r, objects)
}

// listTeamApps omits the generation, like Heroku's schema of team apps.
func (s *Server) listTeamApps(r *http.Request) answer {
	var objects []object
	for _, a := range s.apps {
		if a.Team == r.PathValue("team") {
			body := a.json()
			delete(body, "generation")
			objects = append(objects, object{id: a.id, name: a.Name, body: body})
		}
	}
	if objects == nil {
		return notFound("team", "Couldn't find that team.")
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

// named returns a reference to a named object, or null if the name is empty.
func named(name string) any {
	if name == "" {
		return nil
	}
	return map[string]string{"name": name}
}
