package enginetest_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
)

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

// cell adds a cell. One that does not compile changes nothing and is left out.
func (b *builder) cell(n int, c enginetest.Cell) error {
	var after strings.Builder // what follows all other output
	for _, w := range c.Want {
		value, panics := strings.CutPrefix(w.Text, "PanicError: ")
		switch {
		case w.Name == "err" && refused.MatchString(w.Text):
			return nil
		case w.Name == "err" && w.Flag == "" && panics:
			line, _, _ := strings.Cut(value, "\n")
			fmt.Fprintf(&after, "PANIC %s\n", line)
		case w.Name == "out" && w.Flag == "":
			b.want.WriteString(w.Text)
		case w.Name == "result" && w.Flag == "":
			after.WriteString(w.Text)
		default:
			return fmt.Errorf("has %s %s", w.Name, w.Flag)
		}
	}
	b.want.WriteString(after.String())
	return b.items(n, split(c.Code))
}

// items adds the declarations and statements of one cell. A cell with
// statements that belong to its whole run (defer, return, labels) keeps its
// variables in one function with them.
func (b *builder) items(n int, items []string) error {
	whole := slices.ContainsFunc(items, ofWholeRun.MatchString)
	for _, item := range items {
		if m := typeDecl.FindStringSubmatch(item); m != nil {
			b.types[m[1]] = n
		}
	}
	var group []string
	for i, item := range items {
		last := i == len(items)-1
		switch k := kind(item); {
		case k == "import":
			b.importing(item)
		case k == "func" || k == "type" || k == "const":
			if err := b.declare(n, k, item); err != nil {
				return err
			}
		case k == "var" && !whole:
			stmts, decl := b.variable(item)
			if decl != "" {
				b.statements(n, group)
				b.decls.WriteString(decl)
				group = nil
			}
			group = append(group, stmts...)
		case last && isExpr(item) && !strings.HasSuffix(item, ";") && !ignored.MatchString(item):
			group = append(group, "ʹshow("+item+")")
		default:
			group = append(group, item)
		}
	}
	b.statements(n, group)
	return nil
}

// statements adds statements that run where they stand among the variables,
// unless their cell has panicked.
func (b *builder) statements(n int, group []string) {
	if len(group) > 0 {
		fmt.Fprintf(&b.decls, "var _ = func() (ʹz int) {\n\tif ʹstopped == %d { return }\n\tdefer ʹstop(%[1]d)\n%s\n\treturn\n}()\n", n, strings.Join(group, "\n"))
	}
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
	refused    = regexp.MustCompile(`^(\d+:\d+: |CompileError)`)
	ofWholeRun = regexp.MustCompile(`^(defer|return|goto|\w+:[^=])`)
	typeDecl   = regexp.MustCompile(`^type (\w+)`)
	ignored    = regexp.MustCompile(`^(fmt\.F?[Pp]rint|print|println|copy\(|delete\(|close\(|panic\()`)
	keyword    = regexp.MustCompile(`^\w+`)
	importSpec = regexp.MustCompile(`([\w.]+\s+)?"([^"]+)"`)

	funcDecl = regexp.MustCompile(`^func\s*(?:\(\s*\w*\s*\*?\s*(\w+)[^)]*\)\s*)?(\w+)\s*[\[(]`)
	define   = regexp.MustCompile(`(?s)^([\pL_][\pL\pN_]*(?:\s*,\s*[\pL_][\pL\pN_]*)*)\s*:=(.*)$`)
	comment  = regexp.MustCompile(`(?m)^\s*//[^\n]*\n`)
)

// kind names what an item is: a declaration's keyword, "var" for := too, or
// "" for a statement.
func kind(item string) string {
	item = strings.TrimSpace(comment.ReplaceAllString(item, ""))
	word := keyword.FindString(item)
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
	for _, m := range importSpec.FindAllStringSubmatch(strings.TrimPrefix(item, "import"), -1) {
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
