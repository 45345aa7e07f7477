package native_test

import (
	"strings"
	"testing"
)

// Functions of cells run in processes beside the worker.
func TestPoolOfProcesses(t *testing.T) {
	n := open(t, "")
	n.want(`
type city struct{ Name string; People, PID int }
func grow(_ context.Context, c city) (city, error) {
	if c.People < 0 {
		return c, fmt.Errorf("%s is empty", c.Name)
	}
	return city{strings.ToUpper(c.Name), twice(c.People), os.Getpid()}, nil
}
func twice(i int) int { return 2 * i }
ctx := context.Background()
p := pool.Processes(2)`, "")
	n.want(`
cities, err := pool.Map(ctx, p, grow, []city{{"Oslo", 1, 0}, {"Rome", 2, 0}})
if err != nil { panic(err) }
fmt.Sprint(cities[0].Name, " ", cities[1].People, cities[0].PID != os.Getpid())`, "OSLO 4 true")
	n.want(`
_, err = pool.Submit(ctx, p, grow, city{Name: "Pripyat", People: -1}).Result()
fmt.Print(err)`, "Pripyat is empty")
	n.want(`
func crash(_ context.Context, i int) (int, error) { os.Exit(3); return 0, nil }
_, err = pool.Submit(ctx, p, crash, 1).Result()
errors.Is(err, pool.ErrWorkersDied)`, "true")
	n.want(`
func square(_ context.Context, i int) ([2]int, error) { return [2]int{i * i, os.Getpid()}, nil }
var calls []*pool.Future[[2]int]
for i := range 1000 { calls = append(calls, pool.Submit(ctx, p, square, i)) }
results, kills := map[int]int{}, 0
for i, f := range pool.Completed(calls...) {
	v, err := f.Result()
	if err != nil { panic(err) }
	results[v[0]] = i
	if len(results) % 200 == 100 && syscall.Kill(v[1], syscall.SIGKILL) == nil { kills++ }
}
fmt.Sprint(len(results), kills > 0)`, "1000 true")
	n.want(`p.Close()`, "")
}

func TestPoolRefusals(t *testing.T) {
	n := open(t, "")
	n.want(`
factor := 3
func times(_ context.Context, i int) (int, error) { return i * factor, nil }
func plain(_ context.Context, i int) (int, error) { return i + 1, nil }
p := pool.Processes(1)
ctx := context.Background()`, "")
	n.want(`
_, err := pool.Submit(ctx, p, times, 1).Result()
strings.Contains(err.Error(), "uses factor")`, "true")
	n.want(`
_, err = pool.Submit(ctx, p, func(context.Context, int) (int, error) { return 1, nil }, 1).Result()
strings.Contains(err.Error(), "a literal")`, "true")
	out, err := n.run(t.Context(), `pool.Submit(ctx, p, plain, 1).Result()`)
	if err != nil || !strings.Contains(out, "2") {
		t.Errorf("after the refusals: %q %v", out, err)
	}
	n.want(`p.Close()`, "")
}
