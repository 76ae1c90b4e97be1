package simulate

import (
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/logplex"
)

// plain generates ordinary output, and sometimes an empty line.
func plain(g *Generator, at time.Time) [][]byte {
	if g.rng.IntN(30) == 0 {
		return single(dyno(g.webProcess()).message(at, "\n"))
	}
	if g.rng.IntN(5) == 0 {
		job := g.pick("SendReceipt", "ResizeImage", "SyncStock")
		return single(dyno("worker.1").message(at, "job="+job+g.fill(" queue=default tries=1 took=1??ms\n")))
	}
	text := g.pick(
		fmt.Sprintf("Started GET \"%s\" for %s", g.path(), g.client()),
		fmt.Sprintf("Completed 200 OK in %dms (Views: %.1fms | ActiveRecord: %.1fms)", g.between(5, 400), g.rng.Float64()*90, g.rng.Float64()*60),
		fmt.Sprintf("user %d signed in", g.between(1, 9999)),
		fmt.Sprintf("order %d paid, %d.%02d EUR", g.between(10_000, 99_999), g.between(1, 300), g.between(0, 99)),
		"cache miss: products/index, took 12 % longer than usual")
	return single(dyno(g.webProcess()).message(at, text+"\n"))
}

// colored generates output with ANSI colors, whose ESC an SQS message cannot contain.
func colored(g *Generator, at time.Time) [][]byte {
	text := g.pick(
		g.fill("\x1b[1m\x1b[36mProduct Load (?.?ms)\x1b[0m  \x1b[34mSELECT \"products\".* FROM \"products\" WHERE \"id\" = $1\x1b[0m\n"),
		"\x1b[33mwarn\x1b[39m deprecated: use \x1b[1m--omit=dev\x1b[22m instead\n",
		g.fill("\x1b[32m✔\x1b[0m health check passed in 1?ms\n"))
	return single(dyno(g.webProcess()).message(at, text))
}

// international generates output with UTF-8 characters of two to four bytes.
func international(g *Generator, at time.Time) [][]byte {
	text := g.pick("Bestellung für Jürgen Groß über 19,90 € bestätigt\n", "検索: 「赤い靴」 12 件\n",
		"naïve café ☕ – 3 × «crème brûlée»\n", "🚚 shipped to Kraków, ulica Święty Jan\n")
	return single(dyno(g.webProcess()).message(at, text))
}

// jsonLine generates output that is a JSON object, as structured loggers print it.
func jsonLine(g *Generator, at time.Time) [][]byte {
	text := fmt.Sprintf(`{"level":%q,"msg":"request handled","path":%q,"status":%d,"duration_ms":%.2f,"user":{"id":%d,"plan":%q},"cached":%t}`,
		g.pick("info", "info", "warn", "error"), g.path(), g.between(200, 204), g.rng.Float64()*300,
		g.between(1, 9999), g.pick("free", "pro"), g.rng.IntN(2) == 0)
	return single(dyno(g.webProcess()).message(at, text+"\n"))
}

// stackTrace generates an error of several lines. Heroku sends a message for each, microseconds apart.
func stackTrace(g *Generator, at time.Time) [][]byte {
	process := g.webProcess()
	lines := []string{
		"ActionView::Template::Error (undefined method `price' for nil:NilClass):",
		fmt.Sprintf("    %d: <td><%%= number_to_currency(item.product.price) %%></td>", g.between(3, 60)),
		fmt.Sprintf("app/views/carts/show.html.erb:%d:in `block in _app_views_carts_show'", g.between(3, 60)),
		"app/controllers/application_controller.rb:31:in `set_locale'",
	}
	messages := make([][]byte, 0, len(lines))
	for i, line := range lines {
		messages = append(messages, dyno(process).message(at.Add(time.Duration(i*7)*time.Microsecond), line+"\n"))
	}
	return messages
}

// longLine generates a line longer than log-shuttle's limit, in chunks with the same time. Chunks may end inside a character, and only the last one
// has a newline.
func longLine(g *Generator, at time.Time) [][]byte {
	process := g.webProcess()
	text := "body=" + strings.Repeat("größer ", g.between(logplex.ChunkSize/8, logplex.ChunkSize/4)) + "\n"
	var messages [][]byte
	for len(text) > logplex.ChunkSize {
		messages = append(messages, dyno(process).message(at, text[:logplex.ChunkSize]))
		text = text[logplex.ChunkSize:]
	}
	return append(messages, dyno(process).message(at, text))
}
