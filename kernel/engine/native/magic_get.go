package native

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// get adds modules: to the go.mod of the notebook's folder, where there is
// one, else to that of the session.
func get(e *Engine, ctx context.Context, m call) error {
	args := strings.Fields(m.arg)
	if len(args) == 0 {
		return fault("%get needs the path of a module, as in: %get golang.org/x/text@latest, or a folder: %get ../mylib")
	}
	for _, arg := range args {
		if err := e.get(ctx, arg, m.out); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) get(ctx context.Context, arg string, out engine.Output) error {
	tools := e.tools.Load()
	root := e.cfg.modules.root()
	dir, err := e.cfg.modules.folder(tools)
	if err != nil {
		return err
	}
	if isLocal(e.cfg.modules.path(arg)) {
		return e.getFolder(ctx, dir, e.cfg.modules.path(arg), out)
	}
	if strings.HasPrefix(arg, "-") {
		return fault(fmt.Sprintf("%%get %s: flags of go get are not taken; name a module, as in: %%get example.com/name@v1.2.3", arg))
	}
	cmd := tools.GoCommand(ctx, dir, "get", "--", arg)
	said, err := followed(cmd.StderrPipe, cmd.Start, cmd.Wait, out)
	if err != nil {
		text := []string{fmt.Sprintf("%%get %s: go get failed: %v", arg, err)}
		text = append(text, said...)
		if hint := importHint([]string{arg}, errors.New(strings.Join(said, "\n"))); hint != "" && !strings.Contains(hint, "%get") {
			text = append(text, "    hint: "+hint)
		}
		return &engine.Error{Name: engine.CompileError, Value: "go get " + arg + " failed", Traceback: text}
	}
	if root != "" {
		out.Stream(engine.Stdout, "added to "+root+"\n")
	}
	return nil
}

// getFolder adds the module in a folder beside the notebook.
func (e *Engine) getFolder(ctx context.Context, dir, folder string, out engine.Output) error {
	tools := e.tools.Load()
	module, err := toolchain.Output(tools.GoCommand(ctx, folder, "list", "-m"))
	path := strings.TrimSpace(string(module))
	if err != nil || path == "command-line-arguments" {
		return fault(fmt.Sprintf("%%get %s: there is no module in this folder; write one with: !cd %s && go mod init example.com/name", folder, folder))
	}
	for _, args := range [][]string{
		{"mod", "edit", "-require=" + path + "@v0.0.0-00010101000000-000000000000", "-replace=" + path + "=" + folder},
		{"get", "--", path + "/..."},
	} {
		if _, err := toolchain.Output(tools.GoCommand(ctx, dir, args...)); err != nil && args[0] == "mod" {
			return fault(fmt.Sprintf("%%get %s: %v", folder, err))
		}
	}
	out.Stream(engine.Stdout, path+" => "+folder+"\n")
	return nil
}

// path is an argument as a path from the notebook's folder.
func (m *modules) path(arg string) string {
	if strings.HasPrefix(arg, ".") && !filepath.IsAbs(arg) {
		if abs, err := filepath.Abs(filepath.Join(m.notebook, arg)); err == nil {
			return abs
		}
	}
	return arg
}

// followed runs a command and shows what it says on standard error, line by
// line; that is also returned, for an error.
func followed(pipe func() (io.ReadCloser, error), start, wait func() error, out engine.Output) (said []string, err error) {
	r, err := pipe()
	if err != nil {
		return nil, err
	}
	if err := start(); err != nil {
		return nil, err
	}
	for s := bufio.NewScanner(r); s.Scan(); {
		said = append(said, s.Text())
		out.Stream(engine.Stderr, s.Text()+"\n")
	}
	return said, wait()
}

// autoget says whether unknown imports are added without being asked.
func autoget(e *Engine, _ context.Context, m call) error {
	e.cfg.modules.mu.Lock()
	defer e.cfg.modules.mu.Unlock()
	switch m.arg {
	case "on":
		e.cfg.modules.auto = true
	case "off":
		e.cfg.modules.auto = false
	case "":
		state := map[bool]string{true: "on", false: "off"}[e.cfg.modules.auto]
		m.out.Stream(engine.Stdout, "%autoget is "+state+"\n")
	default:
		return fault("%autoget takes on or off, got " + m.arg)
	}
	return nil
}
