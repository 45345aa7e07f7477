package enginetest_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
)

// TestExpectationsAgreeWithGo turns sessions into ordinary programs and
// compares what these print with what the sessions expect: the suite must not
// believe its own engine. A cell's variables become package variables, its
// statements initialisers between them, so that all runs in the order written.
// Sessions that no ordinary program can express (redefinition, displays,
// interrupts, goroutines left behind, exits) are not part of it.
func TestExpectationsAgreeWithGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds hundreds of programs: run it without -short")
	}
	o := newOracle(t)
	var plays []trial
	left := map[string]int{}
	for _, f := range enginetest.Files(t) {
		sessions, err := enginetest.Parse(f.Name, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sessions {
			p, err := o.translate(s)
			if err != nil {
				left[err.Error()]++
				if testing.Verbose() {
					t.Logf("%s:%d: %q: %v", s.File, s.Line, s.Title, err)
				}
				continue
			}
			plays = append(plays, p)
		}
	}
	t.Logf("%d sessions as programs; not: %v", len(plays), left)
	if len(plays) < 100 {
		t.Errorf("only %d sessions could be held against the go command", len(plays))
	}
	o.run(plays)
}

// A trial is a session as a program with what it must print.
type trial struct {
	enginetest.Session
	source string
	want   string
}

// An oracle makes programs of sessions.
type oracle struct {
	t        *testing.T
	importer types.Importer
	fset     *token.FileSet
	paths    map[string][]string // by package name
}

func newOracle(t *testing.T) *oracle {
	t.Helper()
	o := &oracle{t: t, fset: token.NewFileSet(), paths: map[string][]string{}}
	o.importer = importer.ForCompiler(o.fset, "gc", exports(t, o.paths))
	for _, p := range o.paths {
		slices.SortFunc(p, func(a, b string) int { return rank(a) - rank(b) })
	}
	return o
}

// exports returns where the export data of the standard library lies and
// fills in its names.
func exports(t *testing.T, paths map[string][]string) importer.Lookup {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-f", "{{.Name}} {{.ImportPath}} {{.Export}}", "std").Output()
	if err != nil {
		t.Fatalf("list the standard library: %v", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 3 || strings.Contains(f[1], "internal") || strings.HasPrefix(f[1], "vendor/") {
			if len(f) == 3 {
				files[f[1]] = f[2]
			}
			continue
		}
		files[f[1]] = f[2]
		paths[f[0]] = append(paths[f[0]], f[1])
	}
	paths["unsafe"] = []string{"unsafe"}
	return func(path string) (io.ReadCloser, error) {
		return os.Open(files[path])
	}
}

// rank puts the package first that goimports would take.
func rank(path string) int {
	for i, p := range []string{"text/template", "math/rand", "encoding/json", "text/scanner", "go/parser"} {
		if p == path {
			return i - 100
		}
	}
	return strings.Count(path, "/")
}

// otherwise names sessions in which a notebook differs from a program on
// purpose.
var otherwise = map[string]string{
	"runtime.Caller says cell and line": "positions are the notebook's",
	"files embedded in a cell":          "the program has another folder",
	"output without a line end":         "a result starts on a line of its own",
}

// A builder collects one program.
type builder struct {
	decls   strings.Builder
	want    strings.Builder
	names   map[string]bool // declared functions, types, constants
	vars    map[string]bool
	types   map[string]int    // the cell of each
	imports map[string]string // path by name as written
	extra   []string          // import lines with a name of their own
	temps   int
}

var errRedefines = errors.New("redefines")

func (o *oracle) translate(s enginetest.Session) (trial, error) {
	if s.Open() {
		return trial{}, errors.New("open")
	}
	if why, ok := otherwise[s.Title]; ok {
		return trial{}, errors.New(why)
	}
	b := &builder{names: map[string]bool{}, types: map[string]int{"": len(s.Cells)}, vars: map[string]bool{}, imports: map[string]string{}}
	for i, c := range s.Cells {
		if err := b.cell(i+1, c); err != nil {
			return trial{}, err
		}
	}
	source := o.source(b)
	for range 20 {
		err := o.check(source)
		if err == nil {
			break
		}
		fixed := withoutValue(source, err)
		if fixed == source {
			return trial{}, fmt.Errorf("does not check: %w", err)
		}
		source = fixed
	}
	return trial{s, source, b.want.String()}, nil
}

// cell adds a cell. One that does not compile changes nothing and is left out.
func (b *builder) cell(n int, c enginetest.Cell) error {
	for _, w := range c.Want {
		switch {
		case w.Name == "err" && regexp.MustCompile(`^(\d+:\d+: |CompileError)`).MatchString(w.Text):
			return nil
		case w.Name == "err" && w.Flag == "" && strings.HasPrefix(w.Text, "PanicError: "), w.Name == "out" && w.Flag == "":
		case w.Name == "result" && w.Flag == "":
		default:
			return fmt.Errorf("has %s %s", w.Name, w.Flag)
		}
	}
	for _, w := range c.Want {
		if w.Name == "out" {
			b.want.WriteString(w.Text)
		}
	}
	for _, w := range c.Want {
		if w.Name == "result" {
			b.want.WriteString(w.Text)
		}
		if v, ok := strings.CutPrefix(w.Text, "PanicError: "); ok && w.Name == "err" {
			line, _, _ := strings.Cut(v, "\n")
			fmt.Fprintf(&b.want, "PANIC %s\n", line)
		}
	}
	return b.items(n, split(c.Code))
}

// items adds the declarations and statements of one cell.
func (b *builder) items(n int, items []string) error {
	var group []string
	whole := slices.ContainsFunc(items, func(s string) bool {
		return regexp.MustCompile(`^(defer|return|goto|\w+:[^=])`).MatchString(s)
	})
	flush := func() {
		if len(group) > 0 {
			fmt.Fprintf(&b.decls, "var _ = func() (ʹz int) {\n\tif ʹstopped == %d { return }\n\tdefer ʹstop(%[1]d)\n%s\n\treturn\n}()\n", n, strings.Join(group, "\n"))
			group = nil
		}
	}
	for _, item := range items {
		if m := regexp.MustCompile(`^type (\w+)`).FindStringSubmatch(item); m != nil {
			b.types[m[1]] = n
		}
	}
	for i, item := range items {
		switch k := kind(item); {
		case k == "import":
			b.importing(item)
		case k == "func" || k == "type" || k == "const":
			if err := b.declare(n, k, item); err != nil {
				return err
			}
		case k == "var" && !whole:
			stmts, pre := b.variable(item)
			if len(pre) > 0 {
				flush()
				b.decls.WriteString(pre)
			}
			group = append(group, stmts...)
		case i == len(items)-1 && isExpr(item) && !strings.HasSuffix(item, ";") && !quiet(item):
			group = append(group, "ʹshow("+item+")")
		default:
			group = append(group, item)
		}
	}
	flush()
	return nil
}

// quiet reports whether the results of a call are ones Go programmers ignore.
func quiet(item string) bool {
	return regexp.MustCompile(`^(fmt\.F?[Pp]rint|print|println|copy\(|delete\(|close\(|panic\(|<-\w+;)`).MatchString(item)
}

func isExpr(item string) bool {
	_, err := parser.ParseExpr(item)
	return err == nil
}

// split cuts a cell at the semicolons, written or not, outside all brackets.
func split(code string) []string {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), nil, 0)
	var items []string
	depth, start := 0, 0
	for {
		pos, tok, lit := s.Scan()
		switch tok {
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		}
		if tok == token.EOF || tok == token.SEMICOLON && depth == 0 {
			end := min(file.Offset(pos), len(code))
			item := strings.TrimSpace(code[start:end])
			if tok == token.SEMICOLON && lit == ";" {
				item += ";"
				end++
			}
			if strings.Trim(item, ";") != "" && !onlyComments(item) {
				items = append(items, item)
			} else if n := len(items); n > 0 && item == ";" {
				items[n-1] += ";"
			}
			start = end
		}
		if tok == token.EOF {
			return items
		}
	}
}

func onlyComments(item string) bool {
	for line := range strings.Lines(item) {
		if line = strings.TrimSpace(line); line != "" && (!strings.HasPrefix(line, "//") || strings.HasPrefix(line, "//go:")) {
			return false
		}
	}
	return true
}

var (
	funcDecl = regexp.MustCompile(`^func\s*(?:\(\s*\w*\s*\*?\s*(\w+)[^)]*\)\s*)?(\w+)\s*[\[(]`)
	define   = regexp.MustCompile(`(?s)^([\pL_][\pL\pN_]*(?:\s*,\s*[\pL_][\pL\pN_]*)*)\s*:=(.*)$`)
	comment  = regexp.MustCompile(`(?m)^\s*//[^\n]*\n`)
)

// kind names what an item is: a declaration's keyword, "var" for := too, or
// "" for a statement.
func kind(item string) string {
	item = strings.TrimSpace(comment.ReplaceAllString(item, ""))
	word := regexp.MustCompile(`^\w+`).FindString(item)
	switch {
	case word == "func" && funcDecl.MatchString(item):
		return "func"
	case word == "import" || word == "type" || word == "const" || word == "var":
		return word
	case define.MatchString(item):
		return "var"
	}
	return ""
}

func (b *builder) importing(item string) {
	for _, m := range regexp.MustCompile(`([\w.]+\s+)?"([^"]+)"`).FindAllStringSubmatch(strings.TrimPrefix(item, "import"), -1) {
		name := strings.TrimSpace(m[1])
		if name != "" {
			b.extra = append(b.extra, fmt.Sprintf("import %s %q", name, m[2]))
			continue
		}
		b.imports[path.Base(m[2])] = m[2]
	}
}

func (b *builder) declare(n int, k, item string) error {
	var names []string
	if m := funcDecl.FindStringSubmatch(comment.ReplaceAllString(item, "")); k == "func" {
		names = []string{m[1] + "." + m[2]}
		if b.types[m[1]] < n {
			return errors.New("adds a method")
		}
		if m[2] == "init" || m[2] == "main" {
			return errors.New("whole program or init")
		}
	} else {
		f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+item, 0)
		if err != nil {
			return err
		}
		for _, s := range f.Decls[0].(*ast.GenDecl).Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
			}
		}
	}
	for _, n := range names {
		if b.names[n] && n != "_" {
			return errRedefines
		}
		b.names[n] = true
	}
	b.decls.WriteString(strings.TrimSuffix(item, ";") + "\n")
	return nil
}

// variable returns a declaration for new variables and statements for those
// that exist.
func (b *builder) variable(item string) (stmts []string, decl string) {
	item = strings.TrimSuffix(item, ";")
	if m := define.FindStringSubmatch(item); m != nil {
		return b.assign(strings.Split(m[1], ","), "", m[2])
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+item, 0)
	if err != nil {
		return []string{item}, ""
	}
	text := func(n ast.Node) string { return ("package p\n" + item)[n.Pos()-1 : n.End()-1] }
	for _, s := range f.Decls[0].(*ast.GenDecl).Specs {
		v := s.(*ast.ValueSpec)
		var names []string
		typ, values := "", ""
		for _, n := range v.Names {
			names = append(names, n.Name)
		}
		if v.Type != nil {
			typ = text(v.Type)
		}
		for i, x := range v.Values {
			values += strings.Repeat(",", min(i, 1)) + text(x)
		}
		st, d := b.assign(names, typ, values)
		stmts, decl = append(stmts, st...), decl+d
	}
	return stmts, decl
}

func (b *builder) assign(names []string, typ, values string) (stmts []string, decl string) {
	fresh := slices.Clone(names)
	for i, n := range names {
		n = strings.TrimSpace(n)
		fresh[i] = n
		if b.vars[n] && n != "_" {
			b.temps++
			fresh[i] = fmt.Sprintf("temp%d", b.temps)
			stmts = append(stmts, n+" = "+fresh[i])
		}
		b.vars[n] = true
	}
	if values != "" {
		values = " = " + values
	}
	return stmts, "var " + strings.Join(fresh, ", ") + " " + typ + values + "\n"
}

const frame = `
var ʹstopped int
func ʹstop(n int) {
	if r := recover(); r != nil {
		ʹstopped = n
		text := fmt.Sprint(r)
		if e, ok := r.(error); ok { text = e.Error() } else if t := fmt.Sprintf("%T", r); t == "main.name" { text = fmt.Sprintf("%s(%q)", t, r) }
		fmt.Printf("PANIC %s\n", text)
	}
}
func ʹshow(v ...any) {
	if n := len(v); v[n-1] == nil {
		v = v[:n-1]
	}
	if len(v) == 0 {
		return
	}
	for i, x := range v {
		if i > 0 { fmt.Print(" ") }
		fmt.Print(x)
	}
	fmt.Println()
}
func main() {}
`

// source returns the program with the imports it may need.
func (o *oracle) source(b *builder) string {
	body := "\n" + frame + b.decls.String()
	f, err := parser.ParseFile(token.NewFileSet(), "", "package main\n"+body, parser.SkipObjectResolution)
	if err != nil {
		return "package main\n" + body
	}
	used := map[string][]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok {
				used[id.Name] = append(used[id.Name], s.Sel.Name)
			}
		}
		return true
	})
	head := "package main\n" + strings.Join(b.extra, "\n") + "\n"
	for name, members := range used {
		p, ok := b.imports[name]
		if !ok && !b.vars[name] && !strings.Contains(head, "import "+name+" ") {
			p, ok = o.path(name, members)
		}
		if ok {
			head += fmt.Sprintf("import %q\n", p)
		}
	}
	return head + body
}

// path chooses the package of a name that has all members, as goimports does.
func (o *oracle) path(name string, members []string) (string, bool) {
	for _, p := range o.paths[name] {
		pkg, err := o.importer.Import(p)
		if err == nil && !slices.ContainsFunc(members, func(m string) bool { return pkg.Scope().Lookup(m) == nil }) {
			return p, true
		}
	}
	if len(o.paths[name]) == 0 {
		return "", false
	}
	return o.paths[name][0], true
}

func (o *oracle) check(source string) error {
	f, err := parser.ParseFile(o.fset, "main.go", source, 0)
	if err != nil {
		return err
	}
	conf := types.Config{Importer: o.importer}
	_, err = conf.Check("main", o.fset, []*ast.File{f}, nil)
	return err
}

// withoutValue turns a shown call without results into a statement.
func withoutValue(source string, err error) string {
	var e types.Error
	if !errors.As(err, &e) {
		return source
	}
	all := strings.SplitAfter(source, "\n")
	n := e.Fset.Position(e.Pos).Line - 1
	switch l := strings.TrimSpace(all[n]); {
	case strings.Contains(e.Msg, "no value") && strings.HasPrefix(l, "ʹshow("):
		all[n] = strings.TrimSuffix(strings.TrimPrefix(l, "ʹshow("), ")") + "\n"
	case strings.Contains(e.Msg, "imported and not used"):
		all[n] = "\n"
	default:
		return source
	}
	return strings.Join(all, "")
}

// run builds all programs with one go command, runs them and compares.
func (o *oracle) run(plays []trial) {
	dir := o.t.TempDir()
	put := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			o.t.Fatal(err)
		}
	}
	put("go.mod", "module sessions\n\ngo 1.26\n")
	for i, p := range plays {
		put(fmt.Sprintf("s%03d/main.go", i), p.source)
	}
	put("bin/README", "")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(dir, "bin")+"/", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		o.t.Errorf("build: %v\n%s", err, out)
	}
	for i, p := range plays {
		out, err := exec.Command(filepath.Join(dir, "bin", fmt.Sprintf("s%03d", i))).Output()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			out, err = append(out, crash(exit)...), nil
		}
		if err != nil || !bytes.Equal(bytes.TrimRight(out, "\n"), bytes.TrimRight([]byte(p.want), "\n")) {
			o.t.Errorf("%s:%d: %q\nwant:\n%sa program prints: %v\n%s", p.File, p.Line, p.Title, p.want, err, out)
		}
	}
}

// crash tells of a panic in an initialiser as the frame does of others.
func crash(e *exec.ExitError) string {
	_, rest, _ := strings.Cut(string(e.Stderr), "panic: ")
	line, _, _ := strings.Cut(rest, "\n")
	return "PANIC " + strings.TrimSuffix(line, " [recovered]") + "\n"
}
