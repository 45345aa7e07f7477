package main

import (
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

var measured = regexp.MustCompile(`(time|timestamp)="[0-9][^"]*"`)

// cmpjunit compares a JUnit file with the one wanted, but for what a clock
// says: "T" stands for seconds, "D" for a date.
func cmpjunit(ts *testscript.TestScript, neg bool, args []string) {
	got := measured.ReplaceAllStringFunc(ts.ReadFile(args[0]), func(s string) string {
		if s[:5] == "times" {
			return `timestamp="D"`
		}
		return `time="T"`
	})
	if want := ts.ReadFile(args[1]); (got == want) == neg {
		ts.Fatalf("got\n%s\nwant\n%s", got, want)
	}
}
