package heroku

import (
	"fmt"
	"net/url"
	"strings"
)

// Matches is an app's log drains by their owner.
type Matches struct {
	Present *Drain  // delivers to our URL with its current password; nil if there is none
	Stale   []Drain // ours, but with another password, or a duplicate: remove them once Present exists
	Others  []Drain // of other people and add-ons: never change them
}

// Match sorts an app's drains by their owner. drainURL is the app's drain URL at our API: a drain with the same host, path and user (the app's
// name) is ours. If drainURL has no password, all of our drains are Stale, and none is Present.
func Match(drains []Drain, drainURL string) (Matches, error) {
	ours, err := parseDrainURL(drainURL)
	if err != nil {
		return Matches{}, err
	}
	return match(drains, ours), nil
}

func match(drains []Drain, ours *url.URL) Matches {
	var m Matches
	for _, d := range drains {
		theirs, err := url.Parse(d.URL)
		switch {
		case err != nil || d.AddOn != "" || !sameTarget(ours, theirs):
			m.Others = append(m.Others, d)
		case m.Present == nil && sameAccess(ours, theirs):
			m.Present = &d
		default:
			m.Stale = append(m.Stale, d)
		}
	}
	return m
}

// parseDrainURL parses an app's drain URL at our API, whose user is the app's name.
func parseDrainURL(drainURL string) (*url.URL, error) {
	u, err := url.Parse(drainURL)
	if err != nil || u.Host == "" || u.User.Username() == "" {
		return nil, fmt.Errorf("%s is not a drain URL", MaskURL(drainURL))
	}
	return u, nil
}

// sameTarget reports whether two drain URLs lead to the same app's drain, regardless of scheme and password.
func sameTarget(a, b *url.URL) bool {
	return hostPort(a) == hostPort(b) && a.Path == b.Path && a.User.Username() == b.User.Username()
}

// sameAccess reports whether two drain URLs have the same scheme and password.
func sameAccess(a, b *url.URL) bool {
	password, given := a.User.Password()
	other, _ := b.User.Password()
	return given && password == other && a.Scheme == b.Scheme
}

// hostPort returns the host of a URL in lower case, with the port unless it is the scheme's default.
func hostPort(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	switch port := u.Port(); {
	case port == "", u.Scheme == "https" && port == "443", u.Scheme == "http" && port == "80":
		return host
	default:
		return host + ":" + port
	}
}
