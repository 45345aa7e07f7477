// Ends by a panic of its own error type.
package main

import "fmt"

type brokenError struct{ part string }

func (b brokenError) Error() string { return b.part + " is broken" }

func main() {
	defer fmt.Println("deferred in main")
	defer func() {
		defer fmt.Println("deferred in deferred")
	}()
	var parts = []string{"wheel"}
	for _, p := range parts {
		panic(brokenError{p})
	}
}
