package heroku

import (
	"fmt"
	"net/url"
	"strings"
)

// Matches says whose an app's drains are.
type Matches struct {
	Present *Drain  // delivers to our URL, password included; nil: none does
	Stale   []Drain // ours as well, but with another password, or a second time: to be removed once there is a Present
	Others  []Drain // other people's and add-ons': not ours to touch
}

// Match sorts an app's drains by whose they are. drainURL is the app's drain URL at our API: what has its host, its path and its user (the
// app's name) is ours. Without a password in drainURL nothing is Present, and all that is ours is Stale.
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
		case err != nil || d.AddOn != "" || !samePlace(ours, theirs):
			m.Others = append(m.Others, d)
		case m.Present == nil && samePassword(ours, theirs):
			m.Present = &d
		default:
			m.Stale = append(m.Stale, d)
		}
	}
	return m
}

// parseDrainURL reads an app's drain URL at our API, which names the app for its user.
func parseDrainURL(drainURL string) (*url.URL, error) {
	u, err := url.Parse(drainURL)
	if err != nil || u.Host == "" || u.User.Username() == "" {
		return nil, fmt.Errorf("%s is no drain URL", MaskURL(drainURL))
	}
	return u, nil
}

// samePlace tells whether two drain URLs lead to the same app's drain, whatever the scheme and the password.
func samePlace(a, b *url.URL) bool {
	return hostPort(a) == hostPort(b) && a.Path == b.Path && a.User.Username() == b.User.Username()
}

// samePassword tells whether what arrives at one URL is let in as at the other.
func samePassword(a, b *url.URL) bool {
	password, given := a.User.Password()
	other, _ := b.User.Password()
	return given && password == other && a.Scheme == b.Scheme
}

// hostPort is a URL's host in one spelling, with the port where that is not the scheme's own.
func hostPort(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	switch port := u.Port(); {
	case port == "", u.Scheme == "https" && port == "443", u.Scheme == "http" && port == "80":
		return host
	default:
		return host + ":" + port
	}
}
