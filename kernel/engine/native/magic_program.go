package native

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// Magics about whole programs: those of authors of gonb, and %%go.

// arguments sets what os.Args holds beside the name of the program.
func arguments(e *Engine, ctx context.Context, m call) error {
	words, err := shellWords(m.arg)
	if err != nil {
		return fault(m.name + ": " + err.Error())
	}
	if m.name != "%args" && len(words) == 0 {
		return nil // %% and %main alone only begin the statements
	}
	return e.quiet(ctx, m, fmt.Sprintf("os.Args = append(os.Args[:1:1], %#v...)", words))
}

// shellWords cuts a line into words as a shell does, with quotes.
func shellWords(line string) (words []string, err error) {
	words = []string{}
	var word strings.Builder
	open, quote := false, rune(0)
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			quote, open = r, true
		case r == ' ' || r == '\t':
			if open {
				words = append(words, word.String())
				word.Reset()
			}
			open = false
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("the quote %c is not closed", quote)
	}
	if open {
		words = append(words, word.String())
	}
	return words, nil
}

// removeNames forgets declarations and frees what variables hold.
func removeNames(e *Engine, ctx context.Context, m call) error {
	names := strings.FieldsFunc(m.arg, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
	if len(names) == 0 {
		return fault("%rm needs names that the notebook has declared; %who lists them")
	}
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	if unknown := s.lacks(names); len(unknown) > 0 {
		return fault(fmt.Sprintf("%%rm: the notebook has not declared %s; %%who lists what there is", strings.Join(unknown, ", ")))
	}
	for _, v := range s.variables(names) {
		if err := e.quiet(ctx, m, "func(ʹp any) { reflect.ValueOf(ʹp).Elem().SetZero() }(&"+v+")"); err != nil {
			return err
		}
	}
	e.build.Lock() // what is being compiled beside is committed to the scope it was compiled in
	defer e.build.Unlock()
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	s.known.scope.Remove(names...)
	return nil
}

// lacks are the names which the notebook does not have.
func (s *session) lacks(names []string) []string {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	all := s.known.scope.Names()
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(all, func(n cell.Name) bool { return n.Name == name && n.Kind != cell.Method })
	})
}

// variables are those of the names that are variables.
func (s *session) variables(names []string) (list []string) {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	for _, n := range s.known.scope.Names() {
		if n.Kind == cell.Var && slices.Contains(names, n.Name) {
			list = append(list, n.Name)
		}
	}
	return list
}

// goFlags sets GOFLAGS for the go command of this session: for packages that
// cells import later, %get and %%go.
func goFlags(e *Engine, _ context.Context, m call) error {
	flags, err := shellWords(m.arg)
	switch {
	case err != nil:
		return fault("%goflags: " + err.Error())
	case slices.Contains(flags, "-race"):
		return fault("%goflags -race: the race detector needs another worker; turn it on with %race on, or for one cell with %%race")
	case m.arg == "":
		m.out.Stream(engine.Stdout, "GOFLAGS="+os.Getenv("GOFLAGS")+"\n")
		return nil
	case m.arg == "-" || m.arg == "none":
		return os.Unsetenv("GOFLAGS")
	}
	for _, f := range flags {
		if !strings.HasPrefix(f, "-") {
			return fault(fmt.Sprintf("%%goflags takes flags of the go command, as in -tags=sqlite, got %s; %%goflags none takes them back", f))
		}
	}
	return os.Setenv("GOFLAGS", strings.Join(flags, " "))
}

// goRun runs the cell as a program of its own, by go run with the flags given.
func goRun(e *Engine, ctx context.Context, m call) error {
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	flags, err := shellWords(m.arg)
	if err != nil {
		return fault("%%go: " + err.Error())
	}
	if i := slices.IndexFunc(flags, func(f string) bool { return !strings.HasPrefix(f, "-") }); i >= 0 {
		return fault(fmt.Sprintf("%%%%go takes flags of go build, with = before a value, as in -gcflags=-m; got %s", flags[i]))
	}
	s.known.mu.Lock()
	text, err := s.known.scope.Plain(m.body, m.count)
	s.known.mu.Unlock()
	if err != nil {
		return understood(err)
	}
	dir, err := os.MkdirTemp(s.dir.path, "program")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "program")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return err
	}
	build := s.tools.GoCommand(ctx, e.programFolder(s, text), append(append([]string{"build"}, flags...), "-o", program, file)...)
	build.Env = slices.DeleteFunc(build.Env, func(kv string) bool { return kv == "CGO_ENABLED=0" }) // -race needs it
	if err := e.follow(ctx, m, build, "go build"); err != nil {
		return err
	}
	run := exec.CommandContext(ctx, program)
	run.Dir, run.Env = e.cfg.Dir, e.cfg.Env
	return e.follow(ctx, m, run, "program")
}

// programFolder is where the go command finds what a program imports.
func (e *Engine) programFolder(s *session, text string) string {
	if strings.Contains(text, "\""+ourModule+"/") {
		return s.tools.ModuleDir()
	}
	if e.cfg.modules.root() != "" {
		return cmp.Or(e.cfg.modules.notebook, ".")
	}
	e.cfg.modules.mu.Lock()
	defer e.cfg.modules.mu.Unlock()
	return cmp.Or(e.cfg.modules.own.path, s.dir.path)
}

// follow runs a command whose output is that of the cell.
func (e *Engine) follow(ctx context.Context, m call, cmd *exec.Cmd, name string) error {
	cmd.Stdout, cmd.Stderr = writer{m.out, engine.Stdout}, writer{m.out, engine.Stderr}
	cmd.WaitDelay = time.Second
	ownGroup(cmd)
	err := cmd.Run()
	if ctx.Err() != nil {
		const text = "the command was interrupted"
		return &engine.Error{Name: engine.Interrupted, Value: text, Traceback: []string{text}}
	}
	if err != nil {
		return fault(fmt.Sprintf("%s: %v", name, err))
	}
	return nil
}
