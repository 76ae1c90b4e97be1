package alert

// Parts of the lines of router errors.
const (
	getRequest  = ` method=GET path="/" host=shop.herokuapp.com request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="204.204.204.204"`
	postRequest = ` method=POST path="/orders" host=shop.herokuapp.com request_id=30f14c6c-1705-4a63-9b5e-0a9d1c0e4b7f fwd="204.204.204.204"`

	noDyno = ` dyno= connect= service= status=503 bytes= protocol=https`
)

// routerCodes returns the rules of the router's errors. A few lines can be a deploy, a restart or a visitor with a bad connection, so most rules
// need several within five minutes.
func routerCodes() []*DefaultRule {
	line := func(d *DefaultRule, text string) *DefaultRule { return d.like("heroku", "router", text) }
	return []*DefaultRule{
		line(code("H10", "App crashed", Critical, 5, 5*minute).says(
			"The web dyno crashed, or did not start, so Heroku answered requests with 503.",
			"Read what the web dynos printed before they crashed, and whether a release came just before."),
			`at=error code=H10 desc="App crashed"`+getRequest+noDyno),
		line(code("H11", "Backlog too deep", Critical, 5, 5*minute).says(
			"Requests came faster than the web dynos answered, and too many waited.",
			"Look at the service times: a slow database or API makes each request hold a dyno. Otherwise add web dynos."),
			`at=error code=H11 desc="Backlog too deep"`+getRequest+noDyno),
		line(code("H12", "Request timeout", Critical, 5, 5*minute).says(
			"The app did not begin its response within 30 seconds, so Heroku answered with 503. The dyno may still be working on the request.",
			"Look at the affected paths, and at the load and the locks of the database. Give slow calls a timeout, or move them to a worker."),
			`at=error code=H12 desc="Request timeout"`+getRequest+` dyno=web.1 connect=4ms service=30001ms status=503 bytes=0 protocol=https`),
		line(code("H13", "Connection closed without response", Critical, 5, 5*minute).says(
			"A web process accepted a connection and closed it without a response, often because it crashed or was killed in the middle of a request.",
			"Look for crashes, restarts of workers and memory errors of the dyno at that time."),
			`at=error code=H13 desc="Connection closed without response"`+getRequest+` dyno=web.1 connect=3030ms service=9767ms status=503 bytes=0 protocol=https`),
		line(code("H14", "No web dynos running", Critical, 5, 5*minute).says(
			"Requests came, but the app has no web dyno.",
			"Scale the web process: heroku ps:scale web=1. Turn the rule off for apps without a web process."),
			`at=error code=H14 desc="No web processes running"`+getRequest+noDyno),
		line(code("H15", "Idle connection", Warning, 10, 5*minute).says(
			"A response stopped for 55 seconds before it was complete.",
			"Look at the affected paths. Streams and long polls must send something at least every 55 seconds."),
			`at=error code=H15 desc="Idle connection"`+getRequest+` dyno=web.1 connect=1ms service=55449ms status=503 bytes=18 protocol=https`),
		line(code("H16", "Redirect to herokuapp.com", Warning, 10, 5*minute).says(
			"Heroku redirected requests from heroku.com to herokuapp.com.", "Use the new name.").off("Heroku no longer writes it."),
			`at=info code=H16 desc="herokuapp redirect"`+getRequest+noDyno),
		line(code("H17", "Poorly formatted HTTP response", Critical, 5, 5*minute).says(
			"A web process sent something that is not a valid HTTP response.",
			"Look at the affected paths: headers with line breaks, a wrong Content-Length, or a server that does not speak HTTP/1.1."),
			`at=error code=H17 desc="Poorly formatted HTTP response"`+getRequest+` dyno=web.1 connect=1ms service=1ms status=503 bytes=0 protocol=https`),
		line(code("H18", "Server Request Interrupted", Warning, 10, 5*minute).says(
			"The app closed the connection before the response was complete, or before it had read the whole request.",
			"Look at the affected paths, and for crashes, timeouts of the web server, and restarts."),
			`sock=backend at=error code=H18 desc="Server Request Interrupted"`+postRequest+` dyno=web.1 connect=0ms service=710ms status=503 bytes=0 protocol=https`),
		line(code("H19", "Backend connection timeout", Critical, 5, 5*minute).says(
			"A web dyno did not accept a connection within 5 seconds.",
			"All processes and threads of the dyno are busy. Look at the service times and the load, or add web dynos."),
			`at=error code=H19 desc="Backend connection timeout"`+getRequest+` dyno=web.1 connect=5001ms service= status=503 bytes= protocol=https`),
		line(code("H20", "App boot timeout", Critical, 5, 5*minute).says(
			"Requests waited 75 seconds for a web dyno to start.",
			"Look at what the starting dynos print. The app must listen on $PORT within 60 seconds."),
			`at=error code=H20 desc="App boot timeout"`+getRequest+noDyno),
		line(code("H21", "Backend connection refused", Critical, 5, 5*minute).says(
			"A web dyno refused connections: its process crashed or is restarting, or it stopped listening.",
			"Look for crashes, and whether the dyno was restarted."),
			`at=error code=H21 desc="Backend connection refused"`+getRequest+` dyno=web.1 connect=1ms service= status=503 bytes= protocol=https`),
		line(code("H22", "Connection limit reached", Critical, 5, 5*minute).says(
			"A web dyno has more connections than the router allows.",
			"Look for slow requests and for connections that stay open, such as WebSockets. Add web dynos."),
			`at=error code=H22 desc="Connection limit reached"`+getRequest+noDyno),
		line(code("H23", "Endpoint misconfigured", Warning, 10, 5*minute).says(
			"A WebSocket handshake came to an app whose host name was not set up for it.", "Set up the domain.").off("Heroku no longer writes it."),
			`at=error code=H23 desc="Endpoint misconfigured"`+getRequest+noDyno),
		line(code("H24", "Forced close", Warning, 10, 5*minute).says(
			"The router closed connections without waiting for the responses, because it was restarted or is overloaded.",
			"Look at https://status.heroku.com. Requests that last long are affected first."),
			`at=error code=H24 desc="Forced close"`+getRequest+` dyno=web.1 connect=1ms service=80000ms status= bytes=18 protocol=https`),
		line(code("H25", "HTTP Restriction", Warning, 10, 5*minute).says(
			"The app's response broke a limit of Heroku's router: a line or header that is too long, or an invalid length.",
			"Look at the affected paths for large cookies, many headers or a long redirect."),
			`at=error code=H25 desc="HTTP restriction: oversized status line"`+getRequest+` dyno=web.1 connect=1ms service=1ms status=502 bytes=537 protocol=https`),
		line(code("H26", "Request Error", Warning, 20, 5*minute).says(
			"Clients sent requests that are not valid, for example with an Expect header that the router does not know.",
			"Look at who sends them. It is usually one client, or a scanner."),
			`at=error code=H26 desc="Request Error"`+getRequest+` dyno= connect= service= status=417 bytes= protocol=https`),
		line(code("H27", "Client Request Interrupted", Warning, 50, 5*minute).says(
			"Clients closed the connection before they had the response.", "Look at the service times of the affected paths.").off("Visitors who leave are nobody's fault."),
			`sock=client at=warning code=H27 desc="Client Request Interrupted"`+postRequest+` dyno=web.1 connect=1ms service=2031ms status=499 bytes=0 protocol=https`),
		line(code("H28", "Client Connection Idle", Warning, 50, 5*minute).says(
			"Clients sent nothing for 55 seconds in the middle of a request.", "Look at the affected paths, and who calls them.").off("Clients with a bad connection are nobody's fault."),
			`sock=client at=warning code=H28 desc="Client Connection Idle"`+postRequest+` dyno=web.1 connect=1ms service=55449ms status=499 bytes=18 protocol=https`),
		line(code("H31", "Misdirected Request", Warning, 20, 5*minute).says(
			"Clients sent requests for another host over a connection of this one.", "Look at who sends them.").off("Clients that reuse a connection wrongly are nobody's fault."),
			`at=error code=H31 desc="Misdirected Request"`+getRequest+` dyno= connect= service= status=421 bytes= protocol=https`),
		line(code("H32", "TLS Certificate Mismatch", Warning, 20, 5*minute).says(
			"Clients sent a host name that the connection's certificate does not cover.", "Look at who sends them.").off("Scanners cause it all the time."),
			`at=error code=H32 desc="TLS Certificate Mismatch"`+getRequest+` dyno= connect= service= status=421 bytes= protocol=https`),
		line(code("H33", "HTTP/2 Stream Broken", Warning, 20, 5*minute).says(
			"HTTP/2 streams between clients and the router broke before the response was complete.",
			"Look at the affected paths and at https://status.heroku.com."),
			`at=error code=H33 desc="HTTP/2 Stream Broken"`+getRequest+` dyno=web.1 connect=0ms service=112ms status=503 bytes=0 protocol=http2.0 tls=true tls_version=tls1.3`),
		line(code("H34", "All up dynos are quarantined", Critical, 5, 5*minute).says(
			"No web dyno accepted connections, so the router stopped trying them for a while.",
			"Look at the H19 and H21 lines before it: the dynos are overloaded or crashed."),
			`at=error code=H34 desc="All up dynos are quarantined"`+getRequest+noDyno),
		line(code("H80", "Maintenance mode", Warning, 1, 5*minute).says(
			"The app is in maintenance mode.", "Turn it off: heroku maintenance:off.").off("Somebody turned it on."),
			`at=info code=H80 desc="Maintenance mode"`+getRequest+noDyno),
		line(code("H81", "Blank app", Warning, 1, 5*minute).says(
			"Nothing was deployed to the app.", "Deploy it.").off("A new app has no code."),
			`at=error code=H81 desc="Blank app"`+getRequest+noDyno),
		line(code("H82", "Dyno hour pool used up", Critical, 1, 5*minute).says(
			"The account's Eco dyno hours of this month are used up, so the dynos do not run.",
			"Change to Basic or Standard dynos: heroku ps:type."),
			`at=info code=H82 desc="You've used up your dyno hour pool"`+getRequest+noDyno),
		line(code("H83", "Planned Service Degradation", Warning, 1, 5*minute).says(
			"Heroku degrades the service on purpose, before a part of the platform ends.",
			"Look at Heroku's mails and changelog for what must be upgraded."),
			`at=info code=H83 desc="Planned Service Degradation"`+getRequest+noDyno),
		line(code("H99", "Platform error", Critical, 5, 5*minute).says(
			"Heroku has an internal error.", "Look at https://status.heroku.com.").off("It is Heroku's, and https://status.heroku.com reports it."),
			`at=error code=H99 desc="Platform error"`+getRequest+noDyno),
	}
}
