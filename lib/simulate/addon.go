package simulate

import (
	"fmt"
	"time"
)

// postgres is Heroku Postgres's periodic sample. It ends without a newline, as every add-on sample does.
func postgres(g *Generator, at time.Time) [][]byte {
	text := fmt.Sprintf("source=DATABASE addon=postgresql-globular-%05d sample#current_transaction=%d sample#db_size=%dbytes sample#tables=31 "+
		"sample#active-connections=%d sample#waiting-connections=0 sample#max-connections=120 sample#connections-percentage-used=0.%05d "+
		"sample#index-cache-hit-rate=0.99%03d sample#table-cache-hit-rate=0.99%03d sample#load-avg-1m=0.%03d sample#load-avg-5m=0.%03d "+
		"sample#load-avg-15m=0.%03d sample#read-iops=%d sample#write-iops=0.%05d sample#tmp-disk-used=543600640 sample#tmp-disk-available=72435191808 "+
		"sample#memory-total=3944212kB sample#memory-free=%dkB sample#memory-percentage-used=0.6%04d sample#memory-cached=2817836kB sample#memory-postgres=%dkB "+
		"sample#wal-percentage-used=0.06%04d",
		len(g.app), g.between(100_000, 999_999), g.between(10_000_000, 99_999_999), g.between(2, 40), g.between(0, 99_999), g.between(0, 999),
		g.between(0, 999), g.between(0, 999), g.between(0, 999), g.between(0, 999), g.between(0, 20), g.between(0, 99_999), g.between(90_000, 400_000),
		g.between(0, 9999), g.between(20_000, 90_000), g.between(0, 9999))
	return one(addon("heroku-postgres").message(at, text))
}

// slowQuery is a line of Postgres itself: one message that holds newlines.
func slowQuery(g *Generator, at time.Time) [][]byte {
	text := fmt.Sprintf("[DATABASE] [%d-1]  sql_error_code = 00000 LOG:  duration: %d.%03d ms  execute <unnamed>: SELECT *\n\tFROM orders\n\tWHERE total > %d\n\tORDER BY id\n",
		g.between(2, 99), g.between(2000, 9000), g.between(0, 999), g.between(1, 500))
	return one(addon(fmt.Sprintf("postgres.%d", g.between(100, 40_000))).message(at, text))
}

// redis is Heroku Key-Value Store's periodic sample, without a newline too.
func redis(g *Generator, at time.Time) [][]byte {
	text := fmt.Sprintf("source=REDIS addon=redis-octagonal-%05d sample#active-connections=%d sample#max-connections=40 sample#connection-percentage-used=0.%05d "+
		"sample#load-avg-1m=0.%03d sample#load-avg-5m=0.%03d sample#load-avg-15m=0.%03d sample#read-iops=0 sample#write-iops=0.%05d sample#memory-total=16070676kB "+
		"sample#memory-free=%dkB sample#memory-cached=5447548kB sample#memory-redis=%dbytes sample#hit-rate=0.9%04d sample#evicted-keys=0",
		len(g.app), g.between(1, 30), g.between(0, 99_999), g.between(0, 999), g.between(0, 999), g.between(0, 999), g.between(0, 99_999),
		g.between(9_000_000, 9_999_999), g.between(400_000, 4_000_000), g.between(0, 9999))
	return one(addon("heroku-redis").message(at, text))
}
