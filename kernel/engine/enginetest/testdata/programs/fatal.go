// Ends by log.Fatal.
package main

import (
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	log.SetOutput(os.Stderr)
	log.Println("starting")
	log.Fatalf("cannot go on: %d", 42)
}
