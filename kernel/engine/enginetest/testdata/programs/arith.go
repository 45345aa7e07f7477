// Integer, float and complex arithmetic at their edges.
package main

import (
	"fmt"
	"math"
	"math/bits"
)

type bit uint8

func main() {
	var i8 int8 = math.MaxInt8
	var u32 uint32
	i8++
	u32--
	fmt.Println(i8, u32, -7/2, -7%2, 7&^3, 1<<10>>3, ^5)
	for _, s := range []uint{0, 1, 31, 63, 64, 100} {
		fmt.Print(uint64(1)<<s, " ", int64(-1)>>s, " ")
	}
	fmt.Println()
	f := 0.1
	fmt.Println(f+0.2, float32(f)+0.2, math.Floor(-1.5), math.Mod(-7, 3), math.Round(2.5), math.RoundToEven(2.5))
	inf, nan := math.Inf(1), math.NaN()
	fmt.Println(inf-inf, nan == nan, 1/inf, math.Max(nan, 1), int64(math.Trunc(-2.9)))
	c := complex(3, -4)
	fmt.Println(c*c, real(c), imag(c), c == complex(3, -4), -c)
	hi, lo := bits.Mul64(math.MaxUint64, 3)
	q, r := bits.Div64(1, 0, 7)
	fmt.Println(hi, lo, q, r, bits.RotateLeft8(0b10000001, 1), bits.TrailingZeros(40))
	var b bit = 200
	fmt.Println(b+100, uint16(b)+100, int8(b), bit(300-100))
	fmt.Printf("%08b %x %v %.3g %6.2f|%-8v|%+d\n", b, -255, 1e100, math.Pi, math.E, true, 5)
}
