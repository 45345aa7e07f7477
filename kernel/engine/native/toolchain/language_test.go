package toolchain_test

import (
	"testing"

	"github.com/interleave-lab/interleave/kernel/worker"
)

// One long session over much of the language: what one cell makes, later
// ones use.
func TestLanguage(t *testing.T) { bothWays(t, language) }

func language(t *testing.T, l *live) {
	l.want("main.sq {s:3} 8\n", "fmt sync", `type counter struct { mu sync.Mutex; n int }
func (c *counter) inc() { c.mu.Lock(); defer c.mu.Unlock(); c.n++ }
type shape interface { area() float64 }
type sq struct{ s float64 }
func (s sq) area() float64 { return s.s * s.s }
var c counter
var sh shape
var ch chan int
func double(x int) int { return x * 2 }
func mapOf[T, U any](s []T, f func(T) U) []U { var r []U; for _, x := range s { r = append(r, f(x)) }; return r }`,
		`c.inc(); sh = sq{3}; ch = make(chan int)
go func() { for v := range ch { c.n += v; ch <- c.n } }()
fmt.Printf("%T %+v %v\n", sh, sh, double(4))`)
	l.want("11 n=12 3 true main.sq pts=[{1 2}] 15 [{\"X\":1}] [{1 1}]\n", "fmt encoding/json", `type point struct { X, y int }
var pts []point
var m map[string]*point
var up = 0
func tri(x int) int { return double(x) + x }
func js() string { b, _ := json.Marshal(pts); return string(b) }`,
		`up = tri(5); pts = append(pts, point{1, 2}); m = map[string]*point{"a": {3, 4}}; ch <- 10; fmt.Print(<-ch, " "); c.inc()
s, ok := sh.(sq)
fmt.Printf("n=%d %v %v %T pts=%v %d %s %v\n", c.n, s.s, ok, s, pts, up, js(), mapOf([]int{1}, func(i int) point { return point{i, i} }))`)
	l.want("k->{5 6} hello 7 0\n", "fmt io cmp bytes sync", `type pair[K comparable, V any] struct { k K; v V }
func (p pair[K, V]) String() string { return fmt.Sprint(p.k, "->", p.v) }
var anyv any
var boom = func(i int) int { return []int{1, 2, 3}[i] }
type myErr struct{ code int }
func (e *myErr) Error() string { return fmt.Sprint("myErr ", e.code) }
type tree[T cmp.Ordered] struct { l, r *tree[T]; v T }
func (t *tree[T]) ins(v T) *tree[T] { if t == nil { return &tree[T]{v: v} }; if v < t.v { t.l = t.l.ins(v) } else { t.r = t.r.ins(v) }; return t }
func (t *tree[T]) all(yield func(T) bool) bool { return t == nil || t.l.all(yield) && yield(t.v) && t.r.all(yield) }
type buf struct { *bytes.Buffer; mu sync.Mutex; name string }
var bb *buf
var roots [100]*tree[int]
var mm map[pair[string, int]][]string`,
		`mm = map[pair[string, int]][]string{}; anyv = pair[string, point]{"k", point{5, 6}}
bb = &buf{Buffer: new(bytes.Buffer), name: "n"}
var w io.Writer = bb
fmt.Fprintf(w, "hello %d", 7)
for i := range roots { for j := range 100 { roots[i] = roots[i].ins((j*7919 + i) % 101) } }
fmt.Println(anyv, bb.String(), len(mm))
mm[pair[string, int]{"x", 1}] = []string{"a", "b"}`)
	l.want(`5 true true true true true
true myErr 3
k->{5 6} map[x->1:[a b]] 1 k->{5 6}
nodes 10000
13 *main.buf
`, "fmt reflect errors", "", `v, ok := anyv.(pair[string, point])
fmt.Println(v.v.X, ok, reflect.TypeOf(anyv) == reflect.TypeOf(pair[string, point]{}), reflect.SliceOf(reflect.TypeOf(point{})) == reflect.TypeOf(pts), reflect.TypeFor[map[string]*point]() == reflect.TypeOf(m), reflect.PointerTo(reflect.TypeFor[sq]()) == reflect.TypeFor[*sq]())
var e error = fmt.Errorf("wrap: %w", &myErr{3})
var me *myErr
fmt.Println(errors.As(e, &me), me)
fmt.Println(anyv.(fmt.Stringer), mm, reflect.TypeOf(anyv).NumMethod(), reflect.ValueOf(anyv).Method(0).Call(nil)[0])
n := 0
for i := range roots { for range func(y func(int) bool) { roots[i].all(y) } { n++ } }
fmt.Println("nodes", n)
f := c.inc
f()
fmt.Printf("%d %T\n", c.n, bb)`)
	l.want(`served /p
[abbb bbb]
context deadline exceeded
[1 2 3] [a b] [2 4 6]
`, "fmt net net/http io regexp context time slices maps", `func served() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil { return err.Error() }
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "served ", r.URL.Path) }))
	defer l.Close()
	r, err := http.Get("http://" + l.Addr().String() + "/p")
	if err != nil { return err.Error() }
	b, _ := io.ReadAll(r.Body)
	return string(b)
}`, `fmt.Println(served())
fmt.Println(regexp.MustCompile("a(b+)").FindStringSubmatch("xabbb"))
ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
defer cancel()
<-ctx.Done()
fmt.Println(ctx.Err())
x := []int{3, 1, 2}
slices.Sort(x)
fmt.Println(x, slices.Sorted(maps.Keys(map[string]int{"b": 1, "a": 2})), mapOf(x, func(i int) string { return fmt.Sprint(i * 2) }))`)
}

// Everything that ends a program ends a goroutine here, with a report, and
// the session goes on.
func TestFaults(t *testing.T) { bothWays(t, faults) }

func faults(t *testing.T, l *live) {
	l.cell("", "type myErr struct{ n int }\nfunc (e *myErr) Error() string { return \"mine\" }\nvar alive int", "alive = 1")
	for _, c := range []struct {
		name, imports, run string
		kind               worker.Kind
		value, typ         string
	}{
		{"index", "", "i := 7; _ = []int{1, 2, 3}[i]", worker.Panic, "runtime error: index out of range [7] with length 3", "runtime.boundsError"},
		{"error", "", "panic(&myErr{1})", worker.Panic, "mine", "*main.myErr"},
		{"string", "", `defer func() { panic("second") }(); panic("first")`, worker.Panic, "second", "string"},
		{"nil pointer", "", "var p *int; *p = 1", worker.Panic, "runtime error: invalid memory address or nil pointer dereference", "runtime.errorString"},
		{"exit", "os", "defer func() { alive++ }(); os.Exit(3)", worker.Exit, "", ""},
		{"unlock", "sync", "var mu sync.Mutex; mu.Unlock()", worker.Fatal, "sync: unlock of unlocked mutex", ""},
		{"overflow", "", "var f func(int) int; f = func(i int) int { return f(i+1) + 1 }; f(0)", worker.Overflow, "stack overflow", ""},
	} {
		_, r, err := l.try(c.imports, "", c.run)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if r.Kind != c.kind || c.value != "" && r.Value != c.value || c.typ != "" && r.TypeName != c.typ {
			t.Errorf("%s: %v %q %q, want %v %q %q", c.name, r.Kind, r.Value, r.TypeName, c.kind, c.value, c.typ)
		}
	}
	l.want("1\n", "fmt", "", "fmt.Println(alive)")
}

// A panic in a goroutine, also in one that a timer starts, is reported for
// its cell.
func TestFaultsElsewhere(t *testing.T) {
	l := startLive(t)
	l.cell("sync time", "", `var wg sync.WaitGroup
wg.Add(2)
go func() { defer wg.Done(); panic("in a goroutine") }()
time.AfterFunc(time.Microsecond, func() { defer wg.Done(); panic("in a timer") })
wg.Wait()`)
	l.want("alive\n", "fmt", "", `fmt.Println("alive")`)
	l.mu.Lock()
	defer l.mu.Unlock()
	got := map[string]bool{}
	for _, r := range l.ended {
		got[r.Value] = r.Kind == worker.Panic
	}
	if len(got) != 2 || !got["in a goroutine"] || !got["in a timer"] {
		t.Errorf("reports: %v", l.ended)
	}
}

// Finalizers and cleanups belong to no cell; a panic there is reported, and
// the next ones are called.
func TestFaultsOfFinalizers(t *testing.T) {
	l := startLive(t)
	l.cell("", "type obj struct{ p *int; n [5]int }\nvar called = make(chan string, 10)\nfunc leave(f func()) { f() }", `called = make(chan string, 10)`)
	l.want("finalizer cleanup\n", "fmt runtime time", "", `leave(func() { runtime.SetFinalizer(&obj{}, func(*obj) { panic("in a finalizer") }) })
leave(func() { runtime.AddCleanup(&obj{}, func(int) { panic("in a cleanup") }, 1) })
runtime.GC()
time.Sleep(20 * time.Millisecond)
leave(func() { runtime.SetFinalizer(&obj{}, func(*obj) { called <- "finalizer" }) })
runtime.GC()
a := <-called
leave(func() { runtime.AddCleanup(&obj{}, func(int) { called <- "cleanup" }, 1) })
runtime.GC()
fmt.Println(a, <-called)`)
	l.mu.Lock()
	defer l.mu.Unlock()
	got := map[string]bool{}
	for _, r := range l.ended {
		got[r.Value] = true
	}
	if len(got) != 2 || !got["in a finalizer"] || !got["in a cleanup"] {
		t.Errorf("reports: %v", l.ended)
	}
}

// Output goes through os.File, whoever writes; other files are not touched.
func TestStandardStreams(t *testing.T) {
	l := startLive(t)
	l.want("a\nb\nc\nd\n[file contents] answer to \ntrue\n", "fmt os io strings bufio errors", "", `fmt.Println("a")
os.Stdout.WriteString("b\n")
io.Copy(os.Stdout, strings.NewReader("c\n"))
os.Stdout.Write([]byte("d\n"))
f, _ := os.CreateTemp("", "")
defer os.Remove(f.Name())
fmt.Fprint(f, "file contents")
f.Close()
b, _ := os.ReadFile(f.Name())
line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
fmt.Printf("[%s] %s", b, line)
_, err := f.Write(b)
fmt.Println(errors.Is(err, os.ErrClosed))`)
}
