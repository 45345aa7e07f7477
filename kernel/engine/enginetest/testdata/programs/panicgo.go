// Ends by the panic of a named number.
package main

import "fmt"

type code int

func main() {
	fmt.Println("before")
	func() {
		defer fmt.Println("unwound")
		panic(code(9))
	}()
}
