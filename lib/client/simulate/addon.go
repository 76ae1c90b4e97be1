package simulate

import (
	"fmt"
	"time"
)

// postgres generates a periodic sample of Heroku Postgres. It ends without a newline, like every sample of an add-on.
func postgres(g *Generator, at time.Time) [][]byte {
	return single(addon("heroku-postgres").message(at, g.fill("source=DATABASE addon=postgresql-globular-54321 "+
		"sample#current_transaction=4????? sample#db_size=7???????bytes sample#tables=31 "+
		"sample#active-connections=1? sample#waiting-connections=0 sample#max-connections=120 sample#connections-percentage-used=0.1???? "+
		"sample#index-cache-hit-rate=0.99??? sample#table-cache-hit-rate=0.99??? "+
		"sample#load-avg-1m=0.??? sample#load-avg-5m=0.??? sample#load-avg-15m=0.??? sample#read-iops=? sample#write-iops=0.????? "+
		"sample#tmp-disk-used=543600640 sample#tmp-disk-available=72435191808 "+
		"sample#memory-total=3944212kB sample#memory-free=2?????kB sample#memory-percentage-used=0.6???? "+
		"sample#memory-cached=2817836kB sample#memory-postgres=8????kB sample#wal-percentage-used=0.06????")))
}

// slowQuery generates a line of Postgres itself: one message that contains newlines.
func slowQuery(g *Generator, at time.Time) [][]byte {
	return single(addon(g.fill("postgres.3????")).message(at, g.fill("[DATABASE] [1?-1]  sql_error_code = 00000 LOG:  "+
		"duration: 2???.??? ms  execute <unnamed>: SELECT *\n\tFROM orders\n\tWHERE total > 1??\n\tORDER BY id\n")))
}

// redis generates a periodic sample of Heroku Key-Value Store, also without a newline.
func redis(g *Generator, at time.Time) [][]byte {
	return single(addon("heroku-redis").message(at, g.fill("source=REDIS addon=redis-octagonal-65432 "+
		"sample#active-connections=1? sample#max-connections=40 sample#connection-percentage-used=0.3???? "+
		"sample#load-avg-1m=0.??? sample#load-avg-5m=0.??? sample#load-avg-15m=0.??? sample#read-iops=0 sample#write-iops=0.????? "+
		"sample#memory-total=16070676kB sample#memory-free=9??????kB sample#memory-cached=5447548kB sample#memory-redis=3??????bytes "+
		"sample#hit-rate=0.9???? sample#evicted-keys=0")))
}

// postgresSample generates a sample of a database with that many connections.
func (g *Generator) postgresSample(at time.Time, used, most int) []byte {
	return addon("heroku-postgres").message(at, g.fill(fmt.Sprintf("source=DATABASE addon=postgresql-globular-54321 "+
		"sample#current_transaction=4????? sample#db_size=7???????bytes sample#tables=31 "+
		"sample#active-connections=%d sample#waiting-connections=%d sample#max-connections=%d sample#connections-percentage-used=%.5f "+
		"sample#index-cache-hit-rate=0.99??? sample#table-cache-hit-rate=0.99??? "+
		"sample#load-avg-1m=0.??? sample#load-avg-5m=0.??? sample#load-avg-15m=0.??? sample#read-iops=? sample#write-iops=0.????? "+
		"sample#tmp-disk-used=543600640 sample#tmp-disk-available=72435191808 "+
		"sample#memory-total=3944212kB sample#memory-free=2?????kB sample#memory-percentage-used=0.6???? "+
		"sample#memory-cached=2817836kB sample#memory-postgres=8????kB sample#wal-percentage-used=0.06????",
		used, max(used-110, 0), most, float64(used)/float64(most))))
}
