// Ends with an exit code and without running its deferred functions.
package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("never printed")
	if _, err := os.Open("/no/such/file"); err != nil {
		fmt.Println("error:", err)
		fmt.Fprintln(os.Stderr, "giving up")
		os.Exit(3)
	}
}
