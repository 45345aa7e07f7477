package prompt_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/lib/prompt"
)

// In a plain program, which the test binary is when this is set, standard
// input is read.
const asProgram = "INTERLEAVE_TEST_PROMPT"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	for range 3 {
		a, err := prompt.Line("Line? ")
		b, err2 := prompt.Password("Password? ")
		fmt.Printf("%q %v %q %v\n", a, err, b, err2)
	}
}

func TestPlainProgram(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stdin = strings.NewReader("one\r\ntwo\n\nlast")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	want := `Line? Password? 
"one" <nil> "two" <nil>
Line? Password? 
"" <nil> "last" <nil>
Line? Password? 
"" read an answer to "Line? ": EOF "" read an answer to "Password? ": EOF
`
	if string(out) != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}
