package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fatih/color"

	"heroku-drains/lib/client/doctor"
)

// diagnosis is what doctor found.
type diagnosis struct {
	Identity     string           `json:"identity,omitempty"` // whom AWS knows the caller as
	Drains       int              `json:"drains"`             // that were checked
	ProbeSeconds float64          `json:"probe_seconds,omitempty"`
	Findings     []doctor.Finding `json:"findings"`
}

// trouble is the error of findings that are to be mended; nil when there are none.
func (d diagnosis) trouble() error {
	if !doctor.Trouble(d.Findings) {
		return nil
	}
	var counts []string
	for _, severity := range []doctor.Severity{doctor.Error, doctor.Warning} {
		n := 0
		for _, f := range d.Findings {
			if f.Severity == severity {
				n++
			}
		}
		switch {
		case n == 1:
			counts = append(counts, fmt.Sprintf("1 %s", severity))
		case n > 1:
			counts = append(counts, fmt.Sprintf("%d %ss", n, severity))
		}
	}
	return fmt.Errorf("doctor: there is something to mend: %s", strings.Join(counts, ", "))
}

// printDiagnosis shows the findings, the worst first, each with its fix, and what is well.
func (s *session) printDiagnosis(d diagnosis) error {
	order := []doctor.Severity{doctor.Error, doctor.Warning, doctor.Note}
	slices.SortStableFunc(d.Findings, func(a, b doctor.Finding) int {
		return cmp.Compare(slices.Index(order, a.Severity), slices.Index(order, b.Severity))
	})
	if s.flags.Output == "json" {
		if d.Findings == nil {
			d.Findings = []doctor.Finding{}
		}
		return s.PrintJSON(map[string]diagnosis{"data": d})
	}
	clean := s.Cleaner()
	for _, f := range d.Findings {
		where := f.Check
		if f.App != "" {
			where = f.App + ", " + f.Check
		}
		if err := s.PrintVerdict(string(f.Severity), severityColour(f.Severity), clean(where+": "+f.What), clean("fix: "+f.Fix)); err != nil {
			return err
		}
	}
	var well []string
	if d.Identity != "" {
		well = append(well, "credentials: "+d.Identity)
	}
	if d.Drains > 0 && !doctor.Trouble(d.Findings) {
		well = append(well, fmt.Sprintf("drains: %d", d.Drains))
	}
	if d.ProbeSeconds > 0 {
		well = append(well, fmt.Sprintf("probe: a test line was in the log stream after %.2f s", d.ProbeSeconds))
	}
	for _, text := range well {
		if err := s.PrintVerdict("ok", color.FgGreen, clean(text)); err != nil {
			return err
		}
	}
	return nil
}

func severityColour(severity doctor.Severity) color.Attribute {
	switch severity {
	case doctor.Error:
		return color.FgRed
	case doctor.Warning:
		return color.FgYellow
	}
	return color.FgCyan
}
