package native_test

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/internal/testneeds"
)

// The libraries of the lab from cells, as an author types them: packages are
// imported by their names.
func TestLabFromCells(t *testing.T) {
	n := open(t, "")
	n.want(`
var life scope.Record
ctx := context.Background()
err := scope.Run(ctx, func(s *scope.Scope) error {
	s.Go("fetch", func(context.Context) error { return errors.New("404") })
	s.Go("wait", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	return nil
}, scope.Keep(&life))
fmt.Print(err, len(life.Children))`, "fetch: 404 2")
	n.want(`
web, err := parts.Site{Pages: 15, Latency: parts.Constant(2 * time.Millisecond)}.Start()
get := func(ctx context.Context, page int) (string, error) {
	resp, err := http.Get(web.Page(page))
	if err != nil { return "", err }
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return string(b), err
}
pages, err := pool.Map(ctx, pool.Bounded(4), get, []int{1, 2, 3})
strings.Contains(pages[2], html.EscapeString(web.Title(3)))`, "true")
	n.want(`
r, err := exectrace.Record(ctx, func(ctx context.Context) error {
	var group sync.WaitGroup
	for range 2 { group.Go(func() { time.Sleep(30 * time.Millisecond) }) }
	group.Wait()
	return nil
})
fmt.Println(r.Class().Bound, len(r.Goroutines.Lanes()), strings.Contains(strings.Join(r.Goroutines.Lanes(), " "), "cell[3]:"), err)`, "I/O-bound 3 true <nil>\n")
	n.want(`
err = virt.Run(func() { time.Sleep(time.Hour) })
fmt.Println(err, virt.Run(func() { <-make(chan int) }) != nil)`, "<nil> true\n")
	n.want(`
never := make(chan int)
left, err := diag.Leaks(ctx, func(context.Context) error { go func() { <-never }(); return nil })
fmt.Println(len(left.Goroutines), left.Goroutines[0].Where)`, "1 cell[5]:3\n")
}

// The databases of the lab, their clients and labels, from cells.
func TestDatabasesFromCells(t *testing.T) {
	if testing.Short() {
		t.Skip("links three clients and builds a server")
	}
	testneeds.Command(t, "redis-server", "apt install redis-server")
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) == 0 {
		testneeds.Command(t, "initdb", "apt install postgresql")
	}
	for _, name := range []string{"DATABASE_URL", "REDIS_URL", "MONGO_URI"} {
		t.Setenv(name, "")
	}
	n := open(t, "")
	timed := func(code, out string) {
		t.Helper()
		start := time.Now()
		n.want(code, out)
		t.Logf("%s: %v", strings.Fields(code)[0], time.Since(start).Round(time.Millisecond))
	}
	n.want(`ctx := context.Background()`, "")
	timed(`_ = postgres.ErrNotInstalled`, "")
	timed(`_ = redisdb.Start`, "")
	timed(`_ = mongodb.Start`, "")
	n.want(`
db, err := postgres.Start(ctx)
conns, err := db.Pool(ctx, 4)
var sum int
err = conns.QueryRow(ctx, "SELECT sum(n) FROM generate_series(1, 10) n").Scan(&sum)
fmt.Println(db.Label().Name, sum, err)`, "PostgreSQL 55 <nil>\n")
	n.want(`
kv, err := redisdb.Start(ctx)
c, err := kv.Client()
err = c.Set(ctx, "greeting", "hello", 0).Err()
fmt.Println(kv.Label().StandIn == "", c.Get(ctx, "greeting").Val(), err)`, "true hello <nil>\n")
	n.want(`
docs, err := mongodb.Start(ctx)
m, err := docs.Client()
_, err = m.Database("shop").Collection("orders").InsertOne(ctx, map[string]any{"item": "lamp"})
count, err := m.Database("shop").Collection("orders").CountDocuments(ctx, map[string]any{})
fmt.Println(docs.Label().Name, count, err)`, "FerretDB 1 <nil>\n")

	out, err := n.run(t.Context(), `fmt.Print(os.Getpid(), " ", db.URL, " ", kv.URL, " ", docs.URI)`)
	var pid int
	var urls [3]string
	if _, fault := fmt.Sscan(out, &pid, &urls[0], &urls[1], &urls[2]); fault != nil || err != nil {
		t.Fatal(out, fault, err)
	}
	syscall.Kill(pid, syscall.SIGKILL)
	for _, text := range urls { // the servers end with the worker, however that ends
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for {
			c, err := net.Dial("tcp", u.Host)
			if err != nil {
				break
			}
			c.Close()
			time.Sleep(10 * time.Millisecond) // the test's own limit ends this
		}
	}
}
