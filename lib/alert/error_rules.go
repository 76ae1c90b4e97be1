package alert

import "strings"

// errorRules returns the rules about what languages, frameworks and clients of databases print. They look at the lines of dynos and add-ons. A
// pattern needs a text that is long and peculiar: one that is not found costs almost nothing, and is not found by accident. It must match where a
// program begins to say something (see beginning), because visitors write what stands in URLs and quotes.
func errorRules() []*DefaultRule {
	rule := func(name, title string, level Level, threshold int, window Duration, patterns ...string) *DefaultRule {
		return &DefaultRule{Rule: Rule{
			Name: name, Kind: Errors, Title: title, Level: level, Origin: Default, Threshold: threshold, Window: window, Cooldown: 10 * minute,
			Source: "app", Pattern: strings.Join(patterns, "|"),
		}}
	}
	return []*DefaultRule{
		rule("uncaught-exception", "Uncaught exceptions", Warning, 10, 5*minute,
			`Traceback \(most recent call last\)`, // Python
			`Uncaught (Exception|Error|(Type|Reference|Range|Syntax|Value)Error|(PDO|Runtime|Logic|InvalidArgument)Exception)|uncaught exception`, // Node, PHP
			`\[?UnhandledPromiseRejection`,          // Node
			`Exception in thread `,                  // Java
			`Unhandled exception`,                   // .NET
			`goroutine \d+ \[running\]:`,            // Go
			`thread '[^']*' (\(\d+\) )?panicked at`, // Rust
			`terminate called after throwing`,       // C++
			`FATAL -- : (\[[^\]]*\] ?)*((NoMethod|Name|Argument|Runtime|Type|Key|ZeroDivision)Error|ActionView::Template::Error) \(`, // Rails
		).says(
			"Exceptions that the code does not handle ended requests, jobs or processes.",
			"Look at the lines around the first one, and whether a release came just before.").
			like("app", "web.1", "Traceback (most recent call last):"),
		rule("nil-reference", "Missing values", Warning, 10, 5*minute,
			`undefined method .* for nil`,                       // Ruby
			`'NoneType' object (has no attribute|is not)`,       // Python
			`Cannot read propert(y|ies) .*of (undefined|null)`,  // Node
			`java\.lang\.NullPointerException`,                  // Java
			`System\.NullReferenceException`,                    // .NET
			`invalid memory address or nil pointer dereference`, // Go
			`Call to a member function .* on null`,              // PHP
		).says(
			"The code used a value that was not there.",
			"Look at the lines around the first one, and whether a release came just before.").
			like("app", "web.1", "NoMethodError (undefined method 'key?' for nil):"),
		rule("out-of-memory", "Out of memory", Critical, 1, 5*minute,
			`([A-Z][A-Za-z_ ]* - )?JavaScript heap out of memory`,
			`java\.lang\.OutOfMemoryError(:|$)`,
			`NoMemoryError(:|$| \()`,                     // Ruby
			`Allowed memory size of \d+ bytes exhausted`, // PHP
			`(fork: )?[Cc]annot allocate memory`,
			`runtime: out of memory`,                // Go
			`memory allocation of \d+ bytes failed`, // Rust
			`System\.OutOfMemoryException(:|$)`,     // .NET
			`ERROR:  out of memory`,                 // Postgres
			`MemoryError(:|$)`,                      // Python
		).says(
			"A process or the database could not get the memory that it needed.",
			"Look at the memory of the affected dynos, and at the request or job that it was working on.").
			like("app", "worker.1", "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"),
		rule("deadlock", "Deadlocks", Warning, 3, 10*minute,
			`deadlock detected`,                      // Postgres
			`Deadlock found when trying to get lock`, // MySQL
			`all goroutines are asleep - deadlock!`,  // Go
			`No live threads left\. Deadlock\?`,      // Ruby
		).says(
			"Transactions or threads waited for each other, and one was given up.",
			"Look at the statements in the lines after it. Change rows in the same order everywhere, and keep transactions short.").
			like("app", "postgres.12345", "[DATABASE] [7-1]  sql_error_code = 40P01 ERROR:  deadlock detected"),
		rule("database-connection", "Database connection failures", Critical, 5, 5*minute,
			`PG::ConnectionBad`,
			`could not connect to server\b`,
			`connection to server (at|on) .* failed`,
			`remaining connection slots are reserved`,
			`too many connections for role`,
			`(FATAL:  )?sorry, too many clients already`,
			`(FATAL:  )?password authentication failed for user`,
			`\(Postgrex\.Error\) FATAL (53300|28P01)|\(DBConnection\.ConnectionError\) tcp`,    // Elixir
			`(connect )?ECONNREFUSED [^"'=?]*:(5432|3306|6379|27017)\b`,                        // Node
			`([\w ]+: )*dial tcp [^"'=?]*:(5432|3306|6379|27017): connect: connection refused`, // Go
			`Connection to [^"'=?]*:\d+ refused`,                                               // Java
			`SQLSTATE\[HY000\] \[2002\]|SQLSTATE\[08006\] \[7\]`,                               // PHP
			`ActiveRecord::ConnectionNotEstablished`,
			`Redis::CannotConnectError`,
			`redis\.exceptions\.ConnectionError`,
		).says(
			"The app could not connect to its database: the database is down or being changed, its password was changed, or all connections are in use.",
			"Look at heroku pg:info or redis:info, at the number of connections, and at https://status.heroku.com.").
			like("app", "web.1", `PG::ConnectionBad (connection to server at "ec2-3-4-5-6.compute-1.amazonaws.com" (3.4.5.6), port 5432 failed: FATAL:  too many connections for role "u1")`),
		rule("database-schema", "Missing tables or columns", Warning, 5, 5*minute,
			`PG::Undefined(Table|Column)`,
			`psycopg2?\.errors\.Undefined(Table|Column)`,
			`\(Postgrex\.Error\) ERROR (42P01|42703)`,
			`SQLSTATE\[(42S02|42S22|42P01|42703)\]`, // PHP
			`Mysql2::Error: (Table '[^']*' doesn't exist|Unknown column)`,
		).says(
			"Statements named a table or column that the database does not have.",
			"Look whether the migrations of the newest release ran, in the release phase or by hand.").
			like("app", "web.1", `ActiveRecord::StatementInvalid (PG::UndefinedTable: ERROR:  relation "orders" does not exist`),
		rule("redis-memory", "Key-Value Store out of memory", Critical, 1, 5*minute,
			`-?OOM command not allowed when used memory`,
			`used_memory_over_limit([ :]|=true|=1|$)`,
		).says(
			"The Key-Value Store is full, so it refuses to write or removes keys.",
			"Look at heroku redis:info. Give keys an expiry, set a maxmemory policy, or use a larger plan.").
			like("app", "worker.1", "OOM command not allowed when used memory > 'maxmemory'."),
		rule("redis-command", "Key-Value Store command errors", Warning, 5, 5*minute,
			`Redis::CommandError`,
			`RedisClient::CommandError`,
			`ReplyError: (ERR|WRONGTYPE|READONLY|NOSCRIPT|LOADING|BUSY)`,
			`redis\.exceptions\.(ResponseError|ReadOnlyError|BusyLoadingError)`,
			`redis\.clients\.jedis\.exceptions\.JedisDataException`,
			`redis critical`,
		).says(
			"The Key-Value Store refused commands.",
			"Look at the message: a wrong type, a script that is too slow, or a replica that is read-only after a failover.").
			like("app", "worker.1", "Redis::CommandError (ERR max number of clients reached)"),
		rule("job-killed", "Jobs given up", Warning, 1, 5*minute,
			`(Killed )?[Pp]oison pill( detected|:| Sidekiq)`,                                          // Sidekiq Enterprise
			`(Task handler raised error: )?(WorkerLostError\(['"])?Worker exited prematurely: signal`, // Celery
			`Job exhausted all retries|(\d+ )?[Jj]obs? (has|have) been moved to the dead set`,
		).says(
			"A job was given up, because it killed its worker several times, or failed too often.",
			"Look at the job's class and arguments, and at the memory of the worker.").
			like("app", "worker.1", "WARN: Killed poison pill Sidekiq job InvoiceJob jid=5f8a7c0d"),
		rule("error-tracker", "Error tracker fails", Warning, 3, 10*minute,
			`ERROR -- sentry:`,
			`\[Rollbar\] (Error|Exception|Failed|Got unexpected status)`,
			`\*\* \[Honeybadger\] .*([Ee]rror|[Ff]ail)`,
			`\*\* \[Bugsnag\] .*([Ee]rror|[Ff]ail)`,
		).says(
			"The error tracker's client could not send errors, so they are missing there.",
			"Look at the tracker's quota, key and status.").
			like("app", "web.1", "E, [2026-11-20T12:00:00.123456 #4] ERROR -- sentry: Event sending failed: Net::OpenTimeout"),
		rule("blocked-clients", "Clients blocked", Warning, 10, day,
			`\[?Rack::Attack.*blocklist`,
			`\[Rack_Attack\].*blocklist`,
		).says(
			"The app's firewall blocked clients.",
			"Look at their addresses and at what they asked for.").
			like("app", "web.1", "[Rack::Attack] blocklist 203.0.113.7 GET /wp-login.php"),
		crashed(),
	}
}

// crashed returns the rule about processes that end by themselves, which shows up in no other line if no request comes. Heroku starts a crashed dyno
// again, later each time.
// https://devcenter.heroku.com/articles/dynos#dyno-crash-restart-policy
func crashed() *DefaultRule {
	d := DefaultRule{Rule: Rule{
		Name: "dyno-crashed", Kind: Errors, Title: "Dyno crashed", Level: Critical, Origin: Default, Threshold: 1, Window: 5 * minute, Cooldown: 20 * minute,
		Source: "heroku", Process: "*.*", Pattern: `^State changed from (up|starting) to crashed`,
	}}
	return d.says(
		"A dyno's process ended, or did not start. Heroku starts it again, later each time, so it may be missing.",
		"Look at what the dyno printed before, and whether a release came just before.").
		like("heroku", "web.1", "State changed from up to crashed")
}
