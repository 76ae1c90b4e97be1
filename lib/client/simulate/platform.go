package simulate

import (
	"fmt"
	"time"
)

// dynoState generates a line about the state of a dyno.
func dynoState(g *Generator, at time.Time) [][]byte {
	text := g.pick("State changed from starting to up\n", "State changed from up to down\n", "Restarting\n",
		"Stopping all processes with SIGTERM\n", "Process exited with status 143\n",
		g.fill("Starting process with command `bundle exec puma -p 3????`\n"))
	return single(platform(g.webProcess()).message(at, text))
}

// dynoError generates an R code, and the line before it: https://devcenter.heroku.com/articles/error-codes
func dynoError(g *Generator, at time.Time) [][]byte {
	process := platform(g.webProcess())
	memory := g.between(513, 700)
	return [][]byte{
		process.message(at, fmt.Sprintf("Process running mem=%dM(%.1f%%)\n", memory, float64(memory)/5.12)),
		process.message(at.Add(23*time.Microsecond), "Error R14 (Memory quota exceeded)\n"),
	}
}

// release generates the lines of a deploy, which have the app as their source.
func release(g *Generator, at time.Time) [][]byte {
	version := g.between(12, 400)
	api := dyno("api")
	return [][]byte{
		api.message(at, fmt.Sprintf("Deploy %07x by user deploy@example.com\n", g.rng.Uint32()>>4)),
		api.message(at.Add(time.Millisecond), fmt.Sprintf("Release v%d created by user deploy@example.com\n", version)),
	}
}

// runtimeMetrics generates the two lines that log-runtime-metrics prints for a dyno every 20 seconds:
// https://devcenter.heroku.com/articles/log-runtime-metrics
func runtimeMetrics(g *Generator, at time.Time) [][]byte {
	number := g.web()
	process := platform(fmt.Sprintf("web.%d", number))
	prefix := fmt.Sprintf("source=web.%d dyno=heroku.%s.%s ", number, g.app, g.dynoIDs[number-1])
	return [][]byte{
		process.message(at, prefix+g.fill("sample#load_avg_1m=1.?? sample#load_avg_5m=0.?? sample#load_avg_15m=0.??\n")),
		process.message(at.Add(41*time.Microsecond), prefix+g.fill("sample#memory_total=38?.??MB sample#memory_rss=37?.??MB "+
			"sample#memory_cache=3.0?MB sample#memory_swap=0.00MB sample#memory_pgpgin=3?????pages sample#memory_pgpgout=2????pages "+
			"sample#memory_quota=512.00MB\n")),
	}
}

// says generates a line of the platform about a web dyno.
func says(number int, text string) func(*Generator, time.Time) [][]byte {
	return func(_ *Generator, at time.Time) [][]byte {
		return single(platform(fmt.Sprintf("web.%d", number)).message(at, text+"\n"))
	}
}

// overQuota generates what the platform says of a web dyno that uses more than its 512 MB.
func overQuota(at time.Time, number, usedMB int) [][]byte {
	process := platform(fmt.Sprintf("web.%d", number))
	return [][]byte{
		process.message(at, fmt.Sprintf("Process running mem=%dM(%.1f%%)\n", usedMB, float64(usedMB)/5.12)),
		process.message(at.Add(23*time.Microsecond), "Error R14 (Memory quota exceeded)\n"),
	}
}

// memory generates the metrics of a web dyno that uses that much of its 512 MB.
func (g *Generator) memory(at time.Time, number, usedMB int) [][]byte {
	process := platform(fmt.Sprintf("web.%d", number))
	prefix := fmt.Sprintf("source=web.%d dyno=heroku.%s.%s ", number, g.app, g.dynoIDs[number-1])
	rss := min(usedMB, 512)
	return [][]byte{
		process.message(at, prefix+g.fill("sample#load_avg_1m=1.?? sample#load_avg_5m=0.?? sample#load_avg_15m=0.??\n")),
		process.message(at.Add(41*time.Microsecond), prefix+g.fill(fmt.Sprintf("sample#memory_total=%d.??MB sample#memory_rss=%d.??MB "+
			"sample#memory_cache=0.0?MB sample#memory_swap=%d.??MB sample#memory_pgpgin=3?????pages sample#memory_pgpgout=2????pages "+
			"sample#memory_quota=512.00MB\n", usedMB, rss, usedMB-rss))),
	}
}
