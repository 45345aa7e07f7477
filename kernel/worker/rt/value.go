package rt

import (
	"reflect"
	"unsafe"
)

// Variable is the variable at an address; typ is the address of the descriptor
// of its type.
func Variable(addr, typ uint64) reflect.Value {
	var of any
	*(*unsafe.Pointer)(unsafe.Pointer(&of)) = pointer(typ) // only its type is looked at
	return reflect.NewAt(reflect.TypeOf(of), pointer(addr)).Elem()
}
