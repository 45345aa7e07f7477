package export

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/interleave-lab/interleave/kernel/cell"
)

// magics says what becomes of each magic in a program: Go code made of what
// follows its name and of the text below it, nothing, or a refusal.
var magics = map[string]func(arg, body string) (string, error){
	"%help":        dropped,
	"%who":         dropped,
	"%list":        dropped,
	"%time":        dropped,
	"%race":        dropped,
	"%goroutines":  dropped,
	"%limit":       dropped,
	"%get":         dropped,
	"%autoget":     dropped,
	"%go111module": dropped,
	"%args":        dropped,
	"%main":        dropped,
	"%goflags":     dropped,
	"%rm":          dropped,
	"%%":           func(_, body string) (string, error) { return body, nil },
	"%%race":       func(_, body string) (string, error) { return body, nil }, // go build -race
	"%cd":          changeDir,
	"%env":         setEnv,
	"%%html":       shows("HTML"),
	"%%markdown":   shows("Markdown"),
	"%stop":        refused("goroutines of a program end by a channel or a context"),
	"%reset":       refused("a program begins once; make two notebooks of it"),
	"!":            refused("a program runs commands with os/exec"),
	"$":            refused("a program runs commands with os/exec"),
	"%%bash":       refused("a program runs commands with os/exec"),
	"%%writefile":  refused("a program writes files with os.WriteFile"),
	"%%bench":      refused("a program measures with lib/bench, or with benchmarks in a file whose name ends in _test.go"),
	"%%trace":      refused("a program records itself with lib/exectrace"),
	"%%virtual":    refused("a program runs a function in virtual time with lib/virt"),
	"%%go":         refused("it is a program of its own"),
	"%%test":       refused("tests of a program stand in files of their own, whose names end in _test.go"),
}

func dropped(string, string) (string, error) { return "", nil }

func refused(why string) func(string, string) (string, error) {
	return func(string, string) (string, error) { return "", fmt.Errorf("%s", why) }
}

func shows(as string) func(string, string) (string, error) {
	return func(_, body string) (string, error) {
		return "display.Show(display." + as + "(" + strconv.Quote(body) + "))", nil
	}
}

func changeDir(arg, _ string) (string, error) {
	if arg == "" || strings.HasPrefix(arg, "~") {
		return "", fmt.Errorf("name the folder in full")
	}
	return fmt.Sprintf("if err := os.Chdir(%q); err != nil {\n\tpanic(err)\n}", arg), nil
}

func setEnv(arg, _ string) (string, error) {
	name, value, set := strings.Cut(arg, "=")
	if !set {
		return fmt.Sprintf("fmt.Println(os.Getenv(%q))", name), nil
	}
	return fmt.Sprintf("if err := os.Setenv(%q, %q); err != nil {\n\tpanic(err)\n}", strings.TrimSpace(name), value), nil
}

// demagic turns the magics at the head of a cell into Go code, and names those
// that a program does without.
func demagic(src string) (code string, without []string, err error) {
	lines, rest := cell.SplitMagics(src)
	var head []string
	for _, line := range lines {
		name, arg := magicName(line)
		become, ok := magics[name]
		if !ok {
			return "", nil, fmt.Errorf("%s is not known", name)
		}
		body := ""
		if strings.HasPrefix(name, "%%") {
			body, rest = strings.TrimLeft(rest, " \n"), "" // the lines of magics are blank
		}
		text, err := become(arg, body)
		if err != nil {
			return "", nil, fmt.Errorf("%s has no place in a program: %w", name, err)
		}
		if text == "" && name != "%%" {
			without = append(without, line)
		}
		head = append(head, text)
	}
	if len(lines) == 0 {
		return src, nil, nil
	}
	return strings.TrimSpace(strings.Join(head, "\n")) + "\n" + rest, without, nil
}

// magicName cuts a magic's line into its name and what follows.
func magicName(line string) (name, arg string) {
	if line[0] == '!' || line[0] == '$' {
		return line[:1], strings.TrimSpace(line[1:])
	}
	name, arg, _ = strings.Cut(line, " ")
	return name, strings.TrimSpace(arg)
}
