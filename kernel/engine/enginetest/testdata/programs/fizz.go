// Loops, switches and labels.
package main

import "fmt"

type fizz int

func (f fizz) String() string {
	switch {
	case f%15 == 0:
		return "FizzBuzz"
	case f%3 == 0:
		return "Fizz"
	case f%5 == 0:
		return "Buzz"
	}
	return fmt.Sprintf("%d", int(f))
}

func collatz(n int) (steps int) {
loop:
	if n == 1 {
		return
	}
	steps++
	if n%2 == 0 {
		n /= 2
	} else {
		n = 3*n + 1
	}
	goto loop
}

func main() {
	for i := fizz(1); i <= 15; i++ {
		fmt.Print(i, " ")
	}
	fmt.Println()
	best, at := 0, 0
	for i := 1; i < 1000; i++ {
		if s := collatz(i); s > best {
			best, at = s, i
		}
	}
	fmt.Println(best, at)
rows:
	for r := 0; ; r++ {
		for c := 0; ; c++ {
			switch {
			case c > r:
				continue rows
			case r+c > 5:
				break rows
			case c == 1:
				continue
			}
			fmt.Print(r, c, ";")
		}
	}
	fmt.Println()
	switch x := 3; x {
	case 1, 2, 3:
		fmt.Println("low")
		fallthrough
	case 4:
		fmt.Println("four")
	default:
		fmt.Println("default")
	}
}
