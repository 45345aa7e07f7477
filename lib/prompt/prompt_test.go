package prompt_test

import (
	"fmt"
	"strings"

	"github.com/interleave-lab/interleave/lib/prompt"
)

func ExampleLine() {
	name, err := prompt.Line("Your name? ")
	if err != nil {
		fmt.Println("nobody answers:", err)
		return
	}
	fmt.Println("hello,", name)
}

func ExamplePassword() {
	word, err := prompt.Password("Password? ")
	if err != nil {
		fmt.Println("nobody answers:", err)
		return
	}
	fmt.Println(strings.Repeat("*", len(word)))
}

// A test may answer in a person's place.
func ExampleSetSource() {
	previous := prompt.SetSource(func(question string, password bool) (string, error) {
		return fmt.Sprintf("an answer to %q, secret: %v", question, password), nil
	})
	defer func() { prompt.SetSource(previous) }()
	fmt.Println(prompt.Line("Name? "))
	fmt.Println(prompt.Password("Word? "))
	// Output:
	// an answer to "Name? ", secret: false <nil>
	// an answer to "Word? ", secret: true <nil>
}
