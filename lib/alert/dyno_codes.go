package alert

// dynoCodes returns the rules of dynos' errors.
func dynoCodes() []*DefaultRule {
	return []*DefaultRule{
		code("R10", "Boot timeout", Critical, 1, 5*minute).says(
			"A web process did not listen on $PORT within 60 seconds of its start, so Heroku killed it.",
			"Look at what the dyno printed. Start less before the port is open, and listen on all interfaces.").
			like("heroku", "web.1", "Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch"),
		code("R11", "Bad bind", Critical, 1, 5*minute).says(
			"A web process listened on a port other than $PORT.", "Listen on $PORT.").off("Heroku no longer writes it.").
			like("heroku", "web.1", "Error R11 (Bad bind) -> Process bound to port other than $PORT"),
		code("R12", "Exit timeout", Warning, 5, 10*minute).says(
			"A process did not exit within 30 seconds of SIGTERM, so Heroku killed it.",
			"Handle SIGTERM: stop accepting work, and finish or give back what is being worked on.").off("Restarts and deploys cause it, and the app goes on.").
			like("heroku", "web.1", "Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM"),
		code("R13", "Attach error", Warning, 3, 10*minute).says(
			"A one-off dyno of heroku run could not be connected to its terminal.",
			"Try again, and look at whether a firewall blocks port 5000 to rendezvous.runtime.heroku.com.").
			like("heroku", "run.4711", "Error R13 (Attach error) -> Failed to attach to process"),
		code("R14", "Memory quota exceeded", Warning, 10, 5*minute).says(
			"A dyno uses more memory than its size has, so it swaps and becomes slow. Heroku reports it about every 20 seconds.",
			"Look at the memory of the affected dynos since the last release. Run fewer workers or threads, or use a larger dyno.").
			like("heroku", "web.1", "Error R14 (Memory quota exceeded)"),
		code("R15", "Memory quota vastly exceeded", Critical, 1, 5*minute).says(
			"A dyno used at least twice the memory that its size has, so Heroku killed it.",
			"Look at the requests or jobs that it was working on, and at its memory before.").
			like("heroku", "worker.1", "Error R15 (Memory quota vastly exceeded)"),
		code("R16", "Detached", Warning, 5, 10*minute).says(
			"A one-off dyno kept running after its terminal was closed.",
			"Stop it if it should not run: heroku ps:stop. Start long jobs with heroku run:detached.").
			like("heroku", "run.4711", "Error R16 (Detached) -> An attached process is not responding to SIGHUP after its external connection was closed."),
		code("R17", "Checksum error", Critical, 1, 5*minute).says(
			"A dyno could not start, because its slug or image is damaged.",
			"Deploy again. If that does not help, ask Heroku's support.").
			like("heroku", "web.1", "Error R17 (Checksum error) -> Checksum does match expected value. Expected: SHA256:ed5718e83475c780145609cbb2e4f77ec8076f6f59ebc8a916fb790fbdb1ae64 Actual: SHA256:9ca15af16e06625dfd123ebc3472afb0c5091645512b31ac3dd355f0d8cc42c1"),
		code("R99", "Platform error", Critical, 1, 5*minute).says(
			"Heroku could not run a dyno because of an internal error.", "Look at https://status.heroku.com.").off("It is Heroku's, and https://status.heroku.com reports it.").
			like("heroku", "web.1", "Error R99 (Platform error) -> Failed to launch the dyno within 10 seconds"),
	}
}

// logCodes returns the rules of the log system's errors.
func logCodes() []*DefaultRule {
	const elsewhere = "Heroku does not send it to drains."
	return []*DefaultRule{
		code("L10", "Log lines dropped", Critical, 1, 5*minute).says(
			"Logplex dropped log lines, because this drain did not accept them fast enough. They are lost.",
			"Look at the alarms of this stack, and at its drains function: throttling, errors, or a slow SQS.").
			like("heroku", "logplex", "Error L10 (output buffer overflow): 3 messages dropped since 2026-11-20T11:58:01+00:00."),
		code("L11", "Tail buffer overflow", Warning, 1, 5*minute).says(
			"A session of heroku logs --tail was too slow.", "Nothing is lost here.").off(elsewhere).
			like("heroku", "logplex", "Error L11 (tail buffer overflow): 2121 messages dropped since 2026-11-20T11:58:01+00:00."),
		code("L12", "Dyno's log buffer overflow", Warning, 1, 5*minute).says(
			"A dyno printed faster than Heroku could take its lines, and some are lost.",
			"Look at which dyno prints that much. Log less, or one line for each request.").
			like("app", "log-shuttle", "Error L12: 222 messages dropped since 2026-11-20T11:58:01.000000+00:00."),
		code("L13", "Log delivery error", Warning, 1, 5*minute).says(
			"A dyno could not deliver log lines to Logplex, and some are lost.", "Look at https://status.heroku.com.").
			like("app", "log-shuttle", "Error L13: 111 messages lost since 2026-11-20T11:58:01.000000+00:00."),
		code("L14", "Certificate validation error", Warning, 1, 5*minute).says(
			"A syslog drain's certificate is not valid.", "Renew it.").off(elsewhere+" It is about drains that use syslog over TLS.").
			like("heroku", "logplex", `Error L14 (certificate validation): error="bad certificate" uri="syslog+tls://logs.example.com:6514/"`),
		code("L15", "Tail buffer unavailable", Warning, 1, 5*minute).says(
			"heroku logs could not read the last lines.", "Try again later.").off(elsewhere).
			like("heroku", "logplex", "Error L15 (tail buffer temporarily unavailable): The tail buffer is currently not available to service this request. Please try again in a few minutes."),
		code("L20", "Tail sessions forbidden", Warning, 1, 5*minute).says(
			"heroku logs --tail is not possible for this app.", "Use its drain.").off(elsewhere).
			like("heroku", "logplex", "Error L20 (tail sessions forbidden): Tail sessions are forbidden for this app."),
	}
}

// UnknownCode is the name of the rule about codes that have no rule, because Heroku has added them since.
const UnknownCode = "unknown-code"

// unknownCode returns the rule about codes that have no rule.
func unknownCode() *DefaultRule {
	d := code(UnknownCode, "A new error code of Heroku's", Warning, 1, 5*minute).says(
		"Heroku reported an error by a code that these rules do not know.",
		"Look at https://devcenter.heroku.com/articles/error-codes for what it means.").
		like("heroku", "web.1", "Error R77 (Something new)")
	d.Rule.Cooldown = hour
	return d
}
