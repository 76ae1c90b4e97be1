package console

import (
	"cmp"
	"net/http"

	"heroku-drains/lib/client/simulate"
	"heroku-drains/lib/stack"
)

// config is what the page needs to know first.
type config struct {
	Local     bool       `json:"local"`
	Stack     string     `json:"stack"`
	Region    string     `json:"region"`
	LogGroup  string     `json:"log_group"`
	Scenarios []scenario `json:"scenarios"` // of the local system; empty on AWS
	Program   string     `json:"program"`
	Metered   bool       `json:"metered"` // /api/cost answers
}

type scenario struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

func (c *Console) serveConfig(w http.ResponseWriter, r *http.Request) error {
	at := c.opts.Installation
	cfg, err := at.AWS(r.Context())
	if err != nil {
		return err
	}
	outputs, err := at.Outputs(r.Context())
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, config{
		Local: at.IsLocal(), Stack: c.opts.Stack, Region: cfg.Region, LogGroup: cmp.Or(outputs.LogGroup, stack.DefaultLogGroup),
		Scenarios: c.scenarios(), Program: c.opts.Program, Metered: c.opts.Meter != nil,
	})
	return nil
}

func (c *Console) scenarios() []scenario {
	all := []scenario{}
	if !c.opts.Installation.IsLocal() {
		return all
	}
	for _, sc := range simulate.Scenarios() {
		all = append(all, scenario{Name: sc.Name, Description: sc.Summary})
	}
	return all
}
