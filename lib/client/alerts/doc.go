// Package alerts is the work behind the verb alerts, apart from the calls of the API: it says in words what a rule looks for.
package alerts
