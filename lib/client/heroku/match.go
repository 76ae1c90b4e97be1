package heroku

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Matches is an app's log drains by their owner.
type Matches struct {
	Present *Drain  // delivers to our URL with its current password; nil if there is none
	Stale   []Drain // ours, but with another password, or a duplicate: remove them once Present exists
	Others  []Drain // those of add-ons and other people: never change them
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

// Elsewhere returns the drains among Others that look like drainURL but lead to another host. That may be another name of the API, such as a
// custom domain, or another API: only their passwords show whether they are ours.
func (m Matches) Elsewhere(drainURL string) ([]Drain, error) {
	ours, err := parseDrainURL(drainURL)
	if err != nil {
		return nil, err
	}
	var found []Drain
	for _, d := range m.Others {
		theirs, err := url.Parse(d.URL)
		if err == nil && d.AddOn == "" && hostPort(theirs) != hostPort(ours) && madeLike(theirs, ours) {
			found = append(found, d)
		}
	}
	return found, nil
}

// Claim moves a drain from Others to Present, if drainURL has its password and there is no other Present one, or else to Stale.
func (m *Matches) Claim(d Drain, drainURL string) error {
	ours, err := parseDrainURL(drainURL)
	if err != nil {
		return err
	}
	m.Others = slices.DeleteFunc(slices.Clone(m.Others), func(other Drain) bool { return other.ID == d.ID })
	if theirs, err := url.Parse(d.URL); m.Present == nil && err == nil && sameAccess(theirs, ours) {
		m.Present = &d
		return nil
	}
	m.Stale = append(m.Stale, d)
	return nil
}

// Target returns the URL that Heroku should send to: that of Present, or else drainURL, at the host and path of a Stale drain if all of them
// lead elsewhere. So an app keeps its custom domain when its password changes.
func (m Matches) Target(drainURL string) string {
	if m.Present != nil {
		return m.Present.URL
	}
	target, err := parseDrainURL(drainURL)
	if err != nil || len(m.Stale) == 0 {
		return drainURL
	}
	for _, d := range m.Stale {
		if theirs, err := url.Parse(d.URL); err != nil || sameTarget(theirs, target) {
			return drainURL
		}
	}
	elsewhere, _ := url.Parse(m.Stale[0].URL)
	target.Host, target.Path = elsewhere.Host, elsewhere.Path
	return target.String()
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

// madeLike reports whether a URL has a password, and the user and the end of the path of the app's drain URL. The beginning of the path
// depends on the domain.
func madeLike(theirs, ours *url.URL) bool {
	_, given := theirs.User.Password()
	return given && theirs.Scheme == ours.Scheme && theirs.User.Username() == ours.User.Username() && pathEnd(theirs) == pathEnd(ours)
}

// pathEnd returns the last two segments of a URL's path: drains/{app}.
func pathEnd(u *url.URL) string { return path.Join(path.Base(path.Dir(u.Path)), path.Base(u.Path)) }

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
