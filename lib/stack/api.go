package stack

import "strings"

// The route keys of the API, as API Gateway passes them to the drains function.
const (
	RouteList   = "GET " + drainsPath
	RouteGet    = "GET " + drainPath
	RoutePut    = "PUT " + drainPath
	RouteDelete = "DELETE " + drainPath
	RoutePost   = "POST " + drainPath
)

const (
	drainsPath = "/drains"
	drainPath  = drainsPath + "/{" + RouteApp + "}"
)

// RouteCheckQueues is the route key in the event with which the stack's schedule invokes the drains function. It is not a route of the API, so
// nobody can call it through the API.
const RouteCheckQueues = "SCHEDULE queues"

// RouteApp is the path parameter with the app's name.
const RouteApp = "app"

// Access says who may call a route.
type Access int

const (
	// ByIAM is for routes that manage drains: API Gateway checks the caller's AWS identity.
	ByIAM Access = iota
	// ByPassword is for the route that Heroku posts to: Heroku has no AWS identity, only the password in the drain's URL, which the function
	// checks.
	ByPassword
)

// Route is a route of the API. All go to the drains function.
type Route struct {
	Key    string
	Access Access
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

// Routes returns all routes of the API. Do not change their order: in the deployed template, API Gateway's integration is a child of the
// first.
func Routes() []Route {
	return []Route{
		{Key: RouteList, Access: ByIAM},
		{Key: RouteGet, Access: ByIAM},
		{Key: RoutePut, Access: ByIAM},
		{Key: RouteDelete, Access: ByIAM},
		{Key: RoutePost, Access: ByPassword},
	}
}

// DrainPath returns the path of an app's drain.
func DrainPath(app string) string {
	return strings.Replace(drainPath, "{"+RouteApp+"}", app, 1)
}

// The throttle of each route that manages drains. A request makes one or two calls of Lambda's control plane, which allows an account 15 a
// second in total: a runaway script must not block the account's deployments. The CLI, which works on several apps at a time, stays well below
// this rate, and retries after a 429.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
const (
	ManagementRate  = 10 // requests a second
	ManagementBurst = 20 // requests
)
