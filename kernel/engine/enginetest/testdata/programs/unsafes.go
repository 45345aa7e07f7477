// Unsafe: layouts, headers, conversions between types.
package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"
)

type header struct {
	magic   [4]byte
	version uint16
	flags   uint16
	size    uint32
}

type iface struct{ typ, data unsafe.Pointer }

func bytesOf[T any](v *T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
}

func main() {
	h := header{[4]byte{'G', 'O', 'N', 'B'}, 2, 1, 0xdeadbeef}
	b := bytesOf(&h)
	fmt.Printf("%x %d\n", b, binary.NativeEndian.Uint32(b[8:]))
	b[0] = 'X'
	*(*uint16)(unsafe.Add(unsafe.Pointer(&h), unsafe.Offsetof(h.flags))) = 7
	fmt.Println(string(h.magic[:]), h.flags)
	f := 1.5
	fmt.Println(*(*uint64)(unsafe.Pointer(&f)) == math.Float64bits(f))
	s := "immutable"
	fmt.Println(unsafe.String(unsafe.StringData(s), 3), len(unsafe.Slice(unsafe.StringData(s), len(s))))
	var e1, e2 any = 5, 6
	i1, i2 := (*iface)(unsafe.Pointer(&e1)), (*iface)(unsafe.Pointer(&e2))
	fmt.Println(i1.typ == i2.typ, *(*int)(i1.data)+*(*int)(i2.data))
	arr := [4]int32{1, 2, 3, 4}
	p := unsafe.Pointer(&arr[0])
	sum := int32(0)
	for i := range arr {
		sum += *(*int32)(unsafe.Add(p, uintptr(i)*unsafe.Sizeof(arr[0])))
	}
	fmt.Println(sum, unsafe.Sizeof(uintptr(0)), unsafe.Sizeof(e1), unsafe.Sizeof(s), unsafe.Sizeof([]int{}))
}
