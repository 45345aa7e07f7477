package toolchain_test

import "testing"

func TestStateLives(t *testing.T) {
	l := startLive(t)
	l.want("hello 1\n", "fmt", "var x int", `x++; fmt.Println("hello", x)`)
	l.want("hello 2\n", "fmt", "", `x++; fmt.Println("hello", x)`)
}

// A type first seen at run time, in an itab or made by reflection, is the
// same one when a later cell names it.
func TestRunTimeItab(t *testing.T) { bothWays(t, runTimeItab) }

func runTimeItab(t *testing.T, l *live) {
	l.want("", "", `type I interface { M() int }
type T struct{ n int }
func (t T) M() int { return t.n }
var v I`, `var a any = T{7}; v = a.(I)`)
	l.want("{7} true switch T equal true true 1\n", "fmt", "", `t, ok := v.(T)
s := "default"
switch v.(type) { case T: s = "T" }
var w I = T{7}
m := map[I]int{v: 1}
fmt.Println(t, ok, "switch", s, "equal", w == v, any(w) == any(v), m[w])`)
	if l.relinks == 0 {
		t.Error("no cell was linked again: the test does not test what it should")
	}
}

// What a program can see says the author's names, not the kernel's.
func TestNames(t *testing.T) { bothWays(t, names) }

func names(t *testing.T, l *live) {
	l.want(`main.point *main.point main.box[main.point] map[string]main.point struct { main.point; N int }
point main main.point {1 2}
{"X":1,"N":3} Point true main.Point
main.point.String main.helper
panicked: main.point{X:1, y:2}
interface conversion: main.Shape is main.point, not main.other
`, "fmt reflect runtime encoding/json", `type pointʹ2 struct { X, y int }
func (p pointʹ2) String() string { return fmt.Sprintf("{%d %d}", p.X, p.y) }
func (p pointʹ2) Area() int { return p.X * p.y }
type boxʹ3[T any] struct { v T }
type Pointʹ4 struct { X int }
type Shape interface { Area() int }
type otherʹ9 struct{}
func (otherʹ9) Area() int { return 0 }
func helperʹ12() string { pc, _, _, _ := runtime.Caller(0); return runtime.FuncForPC(pc).Name() }`,
		`type u = struct { pointʹ2; N int }
p := pointʹ2{1, 2}
fmt.Printf("%T %T %T %T %T\n", p, &p, boxʹ3[pointʹ2]{}, map[string]pointʹ2{}, u{})
fmt.Println(reflect.TypeOf(p).Name(), reflect.TypeOf(p).PkgPath(), reflect.TypeOf(p).String(), p)
type e struct { Pointʹ4; N int }
b, _ := json.Marshal(e{Pointʹ4{1}, 3})
f0 := reflect.TypeOf(e{}).Field(0)
fmt.Println(string(b), f0.Name, f0.Anonymous, f0.Type)
f := pointʹ2.String
fmt.Println(runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name(), helperʹ12())
func() { defer func() { fmt.Printf("panicked: %#v\n", recover()) }(); panic(p) }()
func() { defer func() { fmt.Println(recover()) }(); var s Shape = p; _ = s.(otherʹ9) }()
`)
}

// gob writes the names of types.
func TestGob(t *testing.T) {
	l := startLive(t)
	l.want("main.point\n{1 x}\n", "fmt bytes encoding/gob strings", "type pointʹ2 struct { X int; S string }\nvar data []byte", `var b bytes.Buffer
gob.Register(pointʹ2{})
var v any = pointʹ2{1, "x"}
gob.NewEncoder(&b).Encode(&v)
data = b.Bytes()
i := strings.Index(string(data), "main.")
fmt.Println(string(data[i:i+len("main.point")]))
var w any
gob.NewDecoder(bytes.NewReader(data)).Decode(&w)
fmt.Println(w)`)
}
