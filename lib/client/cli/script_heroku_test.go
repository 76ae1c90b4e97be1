package cli_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"heroku-drains/lib/local"
	"heroku-drains/lib/local/herokufake"
)

// herokuKey is where a script finds its Heroku.
type herokuKey struct{}

// herokuCommand is what scripts do with their Heroku:
//
//	heroku app NAME [fir|denied]         makes an app
//	heroku drain APP URL [ADDON]         adds a drain, as somebody or an add-on does
//	heroku old-drain APP                 adds a drain of ours with a password that is not good
//	heroku has APP OURS OTHERS           checks how many drains there are
//	heroku refuse ROUTE STATUS MESSAGE   refuses requests such as "POST /apps/{app}/log-drains" from now on, until
//	heroku agree                         takes that back
func herokuCommand(ts *testscript.TestScript, _ bool, args []string) {
	fake := ts.Value(herokuKey{}).(*herokufake.Server)
	api := ts.Value(systemKey{}).(*local.System).AWS.APIURL()
	switch args[0] {
	case "app":
		fake.AddApp(herokufake.App{
			Name: args[1], Denied: slices.Contains(args, "denied"), Generation: map[bool]string{true: "fir"}[slices.Contains(args, "fir")],
		})
	case "drain":
		d := herokufake.Drain{URL: args[2], CreatedAt: time.Now()}
		if len(args) > 3 {
			d.AddOn = args[3]
		}
		fake.AddDrain(args[1], d)
	case "old-drain":
		u, err := url.Parse(api + "/drains/" + args[1])
		ts.Check(err)
		u.User = url.UserPassword(args[1], "an-older-password")
		fake.AddDrain(args[1], herokufake.Drain{URL: u.String()})
	case "has":
		ours := 0
		all := fake.Drains(args[1])
		for _, d := range all {
			if _, rest, _ := strings.Cut(d.URL, "@"); "http://"+rest == api+"/drains/"+args[1] {
				ours++
			}
		}
		if strconv.Itoa(ours) != args[2] || strconv.Itoa(len(all)-ours) != args[3] {
			ts.Fatalf("%s has %d drains of ours and %d others, want %s and %s", args[1], ours, len(all)-ours, args[2], args[3])
		}
	case "refuse":
		status, err := strconv.Atoi(args[2])
		ts.Check(err)
		remove := fake.Inject(herokufake.Fault{Route: args[1], Status: status, ID: "refused", Message: args[3], RetryAfter: 3600})
		ts.Value(refusalsKey{}).(*refusals).add(remove)
	case "agree":
		ts.Value(refusalsKey{}).(*refusals).end()
	default:
		ts.Fatalf("there is no `heroku %s`", args[0])
	}
}

// refusalsKey is where a script finds what its Heroku refuses.
type refusalsKey struct{}

// refusals can be taken back.
type refusals struct{ remove []func() }

func (r *refusals) add(remove func()) { r.remove = append(r.remove, remove) }

func (r *refusals) end() {
	for _, remove := range r.remove {
		remove()
	}
	r.remove = nil
}
