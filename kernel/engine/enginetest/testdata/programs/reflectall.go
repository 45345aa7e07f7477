// Reflection over structs, methods, maps, functions and channels.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
)

type Inner struct{ Z float64 }
type Rec struct {
	Inner
	Name  string `col:"name" json:"n"`
	Tags  []string
	M     map[string]int
	Next  *Rec
	F     func(int) string
	inner int
}

func (r Rec) Hello(s string, n ...int) string { return fmt.Sprint("hello ", s, r.Name, n) }
func (r *Rec) SetName(s string)               { r.Name = s }
func (r Rec) private()                        {}

type Iface interface{ Hello(string, ...int) string }
type Num int8

func (n Num) Double() Num { return n * 2 }

func walk(v reflect.Value, depth int) {
	pad := strings.Repeat(" ", depth)
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			fmt.Println(pad+f.Name, f.Type, f.Tag.Get("col"), f.Anonymous, f.IsExported())
			walk(v.Field(i), depth+1)
		}
	case reflect.Map:
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
		for _, k := range keys {
			fmt.Println(pad, k, v.MapIndex(k))
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			fmt.Println(pad, i, v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), depth+1)
		}
	}
}

func main() {
	r := &Rec{Inner{1.5}, "n", []string{"a", "b"}, map[string]int{"y": 2, "x": 1}, &Rec{Name: "next"}, nil, 3}
	r.Next.Tags = []string{"t"}
	walk(reflect.ValueOf(*r), 0)
	t := reflect.TypeOf(r)
	for i := range t.NumMethod() {
		fmt.Println(t.Method(i).Name, t.Method(i).Type)
	}
	v := reflect.ValueOf(r)
	v.MethodByName("SetName").Call([]reflect.Value{reflect.ValueOf("set")})
	out := v.MethodByName("Hello").Call([]reflect.Value{reflect.ValueOf("x"), reflect.ValueOf(1), reflect.ValueOf(2)})
	fmt.Println(out[0], t.Implements(reflect.TypeFor[Iface]()), t.Elem().NumMethod())
	v.Elem().FieldByName("Z").SetFloat(9)
	fmt.Println(r.Z, v.Elem().FieldByName("inner").CanSet(), v.Elem().FieldByName("none").IsValid())
	swap := reflect.MakeFunc(reflect.TypeFor[func(int, string) (string, int)](), func(a []reflect.Value) []reflect.Value {
		return []reflect.Value{a[1], a[0]}
	}).Interface().(func(int, string) (string, int))
	fmt.Println(swap(1, "one"))
	st := reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeFor[Num](), Tag: `k:"v"`}, {Name: "B", Type: t}})
	sv := reflect.New(st).Elem()
	sv.Field(0).SetInt(7)
	fmt.Printf("%v %+v\n", st, sv.Field(0).Interface().(Num).Double())
	mt := reflect.MapOf(reflect.TypeFor[Num](), reflect.SliceOf(reflect.TypeFor[Rec]()))
	m := reflect.MakeMap(mt)
	m.SetMapIndex(reflect.ValueOf(Num(1)), reflect.MakeSlice(mt.Elem(), 2, 5))
	_, ok := m.Interface().(map[Num][]Rec)
	fmt.Println(mt, m.Len(), ok)
	ch := reflect.MakeChan(reflect.ChanOf(reflect.BothDir, reflect.TypeFor[*Rec]()), 1)
	ch.Send(v)
	got, _ := ch.Recv()
	fmt.Println(got.Interface() == any(r), ch.Type())
	chosen, rv, _ := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: ch}, {Dir: reflect.SelectDefault}})
	fmt.Println(chosen, rv.IsValid())
	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.Zero(t).IsNil(), reflect.ValueOf(Num(5)).CanInt(), reflect.TypeFor[Num]().ConvertibleTo(reflect.TypeFor[float32]()))
	for i, x := range reflect.ValueOf([]int{7, 8}).Seq2() {
		fmt.Print(i, x, " ")
	}
	fmt.Println()
}
