package simulate

import (
	"fmt"
	"time"

	"heroku-drains/lib/logplex"
)

// calm adds the requests of an app without a problem, in a period before the end.
func (s *story) calm(from, until time.Duration) {
	s.repeat(from, until, 1500*time.Millisecond, routed)
}

func timeoutStorm(s *story) {
	s.calm(3*time.Minute, 0)
	s.repeat(90*time.Second, 0, 2*time.Second, timedOut)
}

func memoryLeak(s *story) {
	s.calm(5*time.Minute, 0)
	const dyno = 1
	used := 500 // MB of 512
	s.sample(260*time.Second, 0, 20*time.Second, func(g *Generator, at time.Time) [][]byte {
		used += g.between(6, 14)
		lines := g.memory(at, dyno, used)
		if used > 512 {
			lines = append(overQuota(at.Add(-time.Second), dyno, used), lines...)
		}
		return lines
	})
}

func slowRequests(s *story) {
	s.calm(3*time.Minute, 0)
	s.repeat(2*time.Minute, 0, 2*time.Second, func(g *Generator, at time.Time) [][]byte {
		path := g.pick("/reports", "/reports/monthly", "/search?q=shoes", g.slowPath())
		text := fmt.Sprintf("at=info method=GET %s dyno=%s connect=0ms service=%dms status=200 bytes=%d protocol=https\n",
			g.request(path), g.webProcess(), g.between(6000, 20_000), g.between(9000, 48_000))
		return single(router().message(at, text))
	})
}

func brokenDeploy(s *story) {
	s.calm(5*time.Minute, 140*time.Second)
	s.tell(150*time.Second, release)
	for number := 1; number <= webDynos; number++ {
		s.tell(145*time.Second, says(number, "Stopping all processes with SIGTERM"))
		s.tell(140*time.Second, says(number, "Starting process with command `bundle exec puma -p 31337`"))
		s.tell(125*time.Second, says(number, "Process exited with status 1"))
		s.tell(125*time.Second, says(number, "State changed from starting to crashed"))
	}
	s.repeat(140*time.Second, 125*time.Second, time.Second, timedOut) // they were waiting for the old dynos
	s.repeat(124*time.Second, 0, 2*time.Second, func(g *Generator, at time.Time) [][]byte {
		return single(failed(g, at, "H10", "App crashed", "", "connect= service= status=503 bytes="))
	})
}

func droppedLines(s *story) {
	s.calm(3*time.Minute, 0)
	s.sample(2*time.Minute, 0, 40*time.Second, func(g *Generator, at time.Time) [][]byte {
		return single(logplex.AppendLine(nil, logplex.Overflow(at, g.between(20, 400), at.Add(-40*time.Second))))
	})
	s.tell(time.Second, func(g *Generator, at time.Time) [][]byte {
		return single(overflow().message(at, fmt.Sprintf("Error L10 (output buffer overflow): drain '%s' dropped %d messages since %s.",
			g.token, g.between(20, 400), at.Add(-40*time.Second).UTC().Format(logplex.TimeLayout))))
	})
}

func fullDatabase(s *story) {
	s.calm(11*time.Minute, 0)
	const most = 120 // connections
	used := 84
	s.sample(10*time.Minute, 0, time.Minute, func(g *Generator, at time.Time) [][]byte {
		used = min(used+g.between(5, 12), most)
		return single(g.postgresSample(at, used, most))
	})
	s.repeat(3*time.Minute, 0, 4*time.Second, func(g *Generator, at time.Time) [][]byte {
		server := addon(g.fill("postgres.3????")).message(at,
			g.fill("[DATABASE] [1?-1]  sql_error_code = 53300 FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute\n"))
		app := dyno(g.webProcess()).message(at.Add(2*time.Millisecond),
			"ActiveRecord::ConnectionNotEstablished (connection to server at \"ec2-203-0-113-7.compute-1.amazonaws.com\", port 5432 failed: "+
				"FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute)\n")
		return [][]byte{server, app}
	})
}

func silence(s *story) { s.calm(15*time.Minute, 12*time.Minute) }
