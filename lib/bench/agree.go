package bench

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
)

// Tolerance is how far two floating-point results may lie apart, as a share of
// the larger: sums differ by the order in which they were added up.
const Tolerance = 1e-9

// Agree says whether two results are the same: floating-point numbers within
// Tolerance, all else exactly. Slices, arrays, maps, structs and what pointers
// point to are compared element by element. The error names the first place
// where they differ. A nil agrees with nil only.
func Agree(a, b any) error {
	if a == nil || b == nil {
		if a != b {
			return fmt.Errorf("%v and %v", a, b)
		}
		return nil
	}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if x.Type() != y.Type() {
		return fmt.Errorf("one is a %v (%v) and one a %v (%v)", x.Type(), a, y.Type(), b)
	}
	return agree("", x, y, 0)
}

// deep is how far pointers are followed: enough for data, and an end for rings.
const deep = 64

func agree(where string, x, y reflect.Value, depth int) error {
	if depth > deep {
		return errors.New("the results are nested too deeply to be compared")
	}
	switch x.Kind() {
	case reflect.Float32, reflect.Float64:
		return unless(close(x.Float(), y.Float()), where, x, y)
	case reflect.Complex64, reflect.Complex128:
		c, d := x.Complex(), y.Complex()
		return unless(close(real(c), real(d)) && close(imag(c), imag(d)), where, x, y)
	case reflect.Slice, reflect.Array:
		return agreeList(where, x, y, depth)
	case reflect.Map:
		return agreeMap(where, x, y, depth)
	case reflect.Struct:
		return agreeStruct(where, x, y, depth)
	case reflect.Pointer, reflect.Interface:
		return agreeTarget(where, x, y, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return fmt.Errorf("%sa %v cannot be compared", at(where), x.Type())
	default:
		return unless(x.Equal(y), where, x, y)
	}
}

func close(a, b float64) bool {
	if a == b || math.IsNaN(a) && math.IsNaN(b) {
		return true
	}
	size := max(math.Abs(a), math.Abs(b))
	return !math.IsInf(size, 1) && math.Abs(a-b) <= Tolerance*size
}

func at(where string) string {
	if where == "" {
		return ""
	}
	return "at " + where + ": "
}

func unless(same bool, where string, x, y reflect.Value) error {
	if same {
		return nil
	}
	return fmt.Errorf("%s%v and %v", at(where), x, y)
}

func agreeList(where string, x, y reflect.Value, depth int) error {
	if x.Len() != y.Len() {
		return fmt.Errorf("%s%d and %d elements", at(where), x.Len(), y.Len())
	}
	for i := range x.Len() {
		if err := agree(fmt.Sprintf("%s[%d]", where, i), x.Index(i), y.Index(i), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func agreeMap(where string, x, y reflect.Value, depth int) error {
	if x.Len() != y.Len() {
		return fmt.Errorf("%s%d and %d keys", at(where), x.Len(), y.Len())
	}
	for _, key := range x.MapKeys() {
		name := fmt.Sprintf("%s[%v]", where, key)
		other := y.MapIndex(key)
		if !other.IsValid() {
			return fmt.Errorf("%sone has no such key", at(name))
		}
		if err := agree(name, x.MapIndex(key), other, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func agreeStruct(where string, x, y reflect.Value, depth int) error {
	if x.Type() == reflect.TypeFor[time.Time]() && x.CanInterface() {
		return unless(x.Interface().(time.Time).Equal(y.Interface().(time.Time)), where, x, y)
	}
	for i := range x.NumField() {
		if err := agree(where+"."+x.Type().Field(i).Name, x.Field(i), y.Field(i), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func agreeTarget(where string, x, y reflect.Value, depth int) error {
	if x.IsNil() || y.IsNil() || x.Elem().Type() != y.Elem().Type() {
		return unless(x.IsNil() && y.IsNil(), where, x, y)
	}
	return agree(where, x.Elem(), y.Elem(), depth+1)
}
