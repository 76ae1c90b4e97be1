package stack

import (
	"net/url"
	"strings"
)

// The route keys of the API, as API Gateway passes them to the functions.
const (
	RouteList   = "GET " + drainsPath
	RouteGet    = "GET " + drainPath
	RoutePut    = "PUT " + drainPath
	RouteDelete = "DELETE " + drainPath
	RoutePost   = "POST " + drainPath

	RouteAlerts     = "GET " + alertsPath
	RouteAlertRules = "GET " + alertsPath + "/rules"
	RouteAlertTest  = "POST " + alertsPath + "/test"
	RouteMute       = "PUT " + mutePath
	RouteUnmute     = "DELETE " + mutePath
	RouteDropped    = "GET " + droppedPath
)

const (
	drainsPath = "/drains"
	drainPath  = drainsPath + "/{" + RouteApp + "}"

	alertsPath  = "/alerts"
	mutePath    = alertsPath + "/{" + RouteApp + "}/{" + RouteRule + "}/mute"
	droppedPath = alertsPath + "/{" + RouteApp + "}/dropped"
)

// RouteCheckQueues is the route key in the event with which the stack's schedule invokes the drains function. It is not a route of the API, so
// nobody can call it through the API.
const RouteCheckQueues = "SCHEDULE queues"

// RouteCheckAlerts is the route key in the event with which the stack's schedule invokes the alerts function.
const RouteCheckAlerts = "SCHEDULE alerts"

// The path parameters with the names of the app and the rule.
const (
	RouteApp  = "app"
	RouteRule = "rule"
)

// Access says who may call a route.
type Access int

const (
	// ByIAM is for routes that manage drains: API Gateway checks the caller's AWS identity.
	ByIAM Access = iota
	// ByPassword is for the route that Heroku posts to: Heroku has no AWS identity, only the password in the drain's URL, which the function
	// checks.
	ByPassword
)

// Function is one of the stack's functions, by its package under functions/.
type Function string

// Route is a route of the API.
type Route struct {
	Key      string
	Access   Access
	Function Function
}

// Method returns the HTTP method.
func (r Route) Method() string {
	method, _, _ := strings.Cut(r.Key, " ")
	return method
}

// Path returns the path, in which {app} stands for an app's name.
func (r Route) Path() string {
	_, path, _ := strings.Cut(r.Key, " ")
	return path
}

// Routes returns all routes. Do not change their order: in the deployed template, API Gateway's integration of a function is a child of the
// function's first route.
func Routes() []Route {
	return []Route{
		{Key: RouteList, Access: ByIAM, Function: DrainsSource},
		{Key: RouteGet, Access: ByIAM, Function: DrainsSource},
		{Key: RoutePut, Access: ByIAM, Function: DrainsSource},
		{Key: RouteDelete, Access: ByIAM, Function: DrainsSource},
		{Key: RoutePost, Access: ByPassword, Function: DrainsSource},
		{Key: RouteAlerts, Access: ByIAM, Function: AlertsSource},
		{Key: RouteAlertRules, Access: ByIAM, Function: AlertsSource},
		{Key: RouteAlertTest, Access: ByIAM, Function: AlertsSource},
		{Key: RouteMute, Access: ByIAM, Function: AlertsSource},
		{Key: RouteUnmute, Access: ByIAM, Function: AlertsSource},
		{Key: RouteDropped, Access: ByIAM, Function: AlertsSource},
	}
}

// DrainPath returns the path of an app's drain.
func DrainPath(app string) string {
	return strings.Replace(drainPath, "{"+RouteApp+"}", app, 1)
}

// MutePath returns the path of the mute of a rule for an app.
func MutePath(app, rule string) string {
	return strings.NewReplacer("{"+RouteApp+"}", app, "{"+RouteRule+"}", url.PathEscape(rule)).Replace(mutePath)
}

// DroppedPath returns the path of what the drop rules left out for an app.
func DroppedPath(app string) string {
	return strings.Replace(droppedPath, "{"+RouteApp+"}", app, 1)
}

// The throttle of each route that manages drains. A request makes one or two calls of Lambda's control plane, which allows an account 15 a
// second in total: a runaway script must not block the account's deployments. The CLI, which works on several apps at a time, stays well below
// this rate, and retries after a 429.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
const (
	ManagementRate  = 10 // requests a second
	ManagementBurst = 20 // requests
)
