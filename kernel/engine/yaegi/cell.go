package yaegi

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/traefik/yaegi/interp"
)

func valueOf(f any) reflect.Value { return reflect.ValueOf(f) }

// refusedError says what a cell holds that is not interpreted.
type refusedError struct{ found []refusal }

func (e *refusedError) Error() string {
	return "this session is interpreted, which cannot be trusted with " + e.found[0].why
}

// cellError is a trailing value that is an error.
type cellError struct{ error }

// cell runs a cell piece by piece: nothing of it, if a piece is refused.
func (c *child) cell(ctx context.Context, t *cellText) error {
	items, err := cell.Items(t.Code, t.Count)
	if err != nil {
		return err
	}
	if found := refuse(items); len(found) > 0 {
		return &refusedError{found}
	}
	if err := c.importMissing(ctx, t.Code); err != nil {
		return err
	}
	for _, group := range together(items) {
		if err := c.piece(ctx, group); err != nil {
			return err
		}
	}
	return nil
}

// together joins what the interpreter must see at once: statements that follow
// one another, so that labels and goto find each other, and declarations, which
// may refer to later ones. Imports come first, then declarations, as in Go.
func together(items []cell.Item) [][]cell.Item {
	var imports, decls [][]cell.Item
	var rest [][]cell.Item
	for _, it := range items {
		switch {
		case it.Kind == cell.Imports:
			imports = append(imports, []cell.Item{it})
		case it.Kind == cell.Declaration && len(decls) > 0:
			decls[0] = append(decls[0], it)
		case it.Kind == cell.Declaration:
			decls = append(decls, []cell.Item{it})
		case it.Show || len(rest) == 0 || rest[len(rest)-1][0].Kind != it.Kind:
			rest = append(rest, []cell.Item{it})
		default:
			rest[len(rest)-1] = append(rest[len(rest)-1], it)
		}
	}
	return slices.Concat(imports, decls, rest)
}

// piece runs some items at the lines they have in the cell.
func (c *child) piece(ctx context.Context, items []cell.Item) error {
	var b strings.Builder
	line := 1
	for _, it := range items {
		for ; line < it.Line; line++ {
			b.WriteByte('\n')
		}
		b.WriteString(it.Text + ";")
		line += strings.Count(it.Text, "\n")
		c.declare(it)
	}
	text := strings.TrimSuffix(b.String(), ";")
	if items[0].Show && !ignored(items[0].Text) {
		if done, err := c.value(ctx, items[0]); done || err != nil {
			return err
		}
	}
	_, err := c.interp.EvalWithContext(ctx, text)
	return err
}

// keep takes the values of the trailing expression.
func (c *child) keep(values ...any) { c.values = values }

// value shows the value of an expression. It is not done when the expression
// has none: nothing was run then.
func (c *child) value(ctx context.Context, it cell.Item) (done bool, err error) {
	c.values = nil
	head := strings.Repeat("\n", it.Line-1) + cell.Mark + ".Values("
	_, err = c.interp.EvalWithContext(ctx, head+it.Text+")")
	var panicked interp.Panic
	if err != nil {
		if errors.As(err, &panicked) || ctx.Err() != nil {
			return true, err
		}
		return false, nil // it does not compile this way: perhaps a call without a value
	}
	if n := len(c.values); n > 0 {
		if e, ok := c.values[n-1].(error); ok {
			return true, cellError{e}
		}
		if n > 1 && c.values[n-1] == nil {
			c.values = c.values[:n-1]
		}
	}
	if d := display.Of(c.values...); len(d.Bundle) > 0 {
		c.show(asResult, d)
	}
	return true, nil
}

// ignored says whether text is a call whose results Go programmers ignore.
func ignored(text string) bool {
	x, err := parser.ParseExpr(text)
	if err != nil {
		return false
	}
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return false
	}
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name == "copy" || f.Name == "delete"
	case *ast.SelectorExpr:
		name := f.Sel.Name
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "fmt" {
			return strings.HasPrefix(name, "Print") || strings.HasPrefix(name, "Fprint")
		}
		return name == "Close" || name == "Flush"
	}
	return false
}

// declare notes the names that an item declares or imports.
func (c *child) declare(it cell.Item) {
	head, tail := "package p\n", ""
	if it.Kind == cell.Statement {
		head, tail = "package p; func _() {\n", "\n}"
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", head+it.Text+tail, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			c.imported(n)
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name != "_" {
				c.names[n.Name.Name] = true
			}
			return tail != "" // not into bodies
		case *ast.TypeSpec:
			c.names[n.Name.Name] = true
		case *ast.ValueSpec:
			for _, id := range n.Names {
				c.names[id.Name] = true
			}
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				if id, ok := x.(*ast.Ident); ok && n.Tok == token.DEFINE {
					c.names[id.Name] = true
				}
			}
		case *ast.FuncLit, *ast.BlockStmt:
			return n.Pos() < token.Pos(len(head)+1) // only the outermost block
		}
		return true
	})
}

func (c *child) imported(s *ast.ImportSpec) {
	if s.Name != nil {
		c.imports[s.Name.Name] = true
		return
	}
	if p, err := strconv.Unquote(s.Path.Value); err == nil {
		c.imports[p[strings.LastIndexByte(p, '/')+1:]] = true
	}
}

// importMissing imports packages that the cell names and nobody declared.
func (c *child) importMissing(ctx context.Context, code string) error {
	for _, name := range qualifiers(code) {
		path := packagesByName[name]
		if path == "" || c.imports[name] || c.names[name] || imports(code, name) {
			continue
		}
		if _, err := c.interp.EvalWithContext(ctx, "import "+strconv.Quote(path)); err != nil {
			return fmt.Errorf("import %s: %w", path, err)
		}
		c.imports[name] = true
	}
	return nil
}

// imports says whether the code itself imports a package under a name.
func imports(code, name string) bool {
	return strings.Contains(code, `/`+name+`"`) || strings.Contains(code, `"`+name+`"`)
}

// qualifiers are the identifiers before a dot that nothing precedes.
func qualifiers(code string) (names []string) {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", -1, len(code)), []byte(code), nil, 0)
	var before, last token.Token
	var name string
	for {
		_, t, lit := s.Scan()
		if t == token.EOF {
			return names
		}
		if t == token.PERIOD && last == token.IDENT && before != token.PERIOD && !slices.Contains(names, name) {
			names = append(names, name)
		}
		before, last, name = last, t, lit
	}
}

var (
	place = regexp.MustCompile(`^(?:_\.go:)?(\d+):(\d+): (.*)$`)
)

// conclude turns the error of a cell into what is shown.
func (c *child) conclude(ctx context.Context, t *cellText, err error) *conclusion {
	var (
		refused  *refusedError
		faults   *cell.Errors
		panicked interp.Panic
		value    cellError
	)
	switch {
	case err == nil:
		return &conclusion{}
	case ctx.Err() != nil:
		return &conclusion{Name: engine.Interrupted, Value: "interrupted", Traceback: []string{"Interrupted: the cell was interrupted; values are kept"}}
	case errors.As(err, &refused):
		return refused.conclude(t)
	case errors.As(err, &faults):
		first := faults.List[0]
		var lines []string
		for _, e := range faults.List {
			lines = append(lines, strings.Split(e.Text(), "\n")...)
		}
		return &conclusion{engine.CompileError, first.Error(), lines, first.Line, first.Column}
	case errors.As(err, &panicked):
		return c.panicked(t, panicked)
	case errors.As(err, &value):
		return &conclusion{Name: engine.CellError, Value: oneLine(value.Error()), Traceback: strings.Split("CellError: "+value.Error(), "\n")}
	}
	return located(t, err.Error())
}

func (e *refusedError) conclude(t *cellText) *conclusion {
	var lines []string
	source := strings.Split(t.Code, "\n")
	for _, r := range e.found {
		lines = append(lines, fmt.Sprintf("cell[%d]:%d: %s", t.Count, r.line, r.why))
		if r.line >= 1 && r.line <= len(source) {
			lines = append(lines, "    "+source[r.line-1])
		}
	}
	lines = append(lines, e.Error()+";", getNative)
	return &conclusion{engine.CompileError, oneLine(e.Error()), lines, e.found[0].line, 0}
}

// panicked is a panic, or os.Exit, with the place in this cell.
func (c *child) panicked(t *cellText, p interp.Panic) *conclusion {
	c.mu.Lock()
	frames := c.frames
	c.mu.Unlock()
	text := fmt.Sprint(p.Value)
	end := &conclusion{Name: engine.PanicError, Value: oneLine(text), Traceback: strings.Split("panic: "+text, "\n")}
	if strings.HasPrefix(text, "os.Exit(") {
		code := strings.TrimSuffix(strings.TrimPrefix(text, "os.Exit("), ")")
		if code == "0" {
			return &conclusion{}
		}
		end.Name, end.Value, end.Traceback = engine.ExitError, "exit status "+code, []string{"exit status " + code}
	}
	if len(frames) > 0 {
		line, _, _ := strings.Cut(frames[len(frames)-1], ":")
		end.Line, _ = strconv.Atoi(line)
		end.Traceback = append([]string{fmt.Sprintf("cell[%d]:%s", t.Count, line)}, end.Traceback...)
	}
	return end
}

// located is a fault whose text begins with the interpreter's position.
func located(t *cellText, text string) *conclusion {
	m := place.FindStringSubmatch(text)
	if m == nil {
		return &conclusion{Name: engine.CompileError, Value: oneLine(text), Traceback: strings.Split(text, "\n")}
	}
	line, _ := strconv.Atoi(m[1])
	value := fmt.Sprintf("cell[%d]:%d: %s", t.Count, line, m[3])
	lines := strings.Split(value, "\n")
	if source := strings.Split(t.Code, "\n"); line >= 1 && line <= len(source) {
		lines = append(lines, "    "+source[line-1])
	}
	return &conclusion{engine.CompileError, oneLine(value), lines, line, 0}
}

func oneLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
