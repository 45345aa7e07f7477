package cell

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Plain is the text of cell n as a Go program that stands alone: its imports
// with those that a cell gets by itself, its declarations, and its statements
// as function main, at the lines of the cell. A trailing expression that is no
// call is printed. Only its form is checked; names of the session that it uses
// are not in it.
func (s *Scope) Plain(src string, n int) (text string, err error) {
	c := s.compiler(src, n)
	defer c.forget()
	c.forced, c.split = map[string]bool{}, map[string]bool{}
	if c.p, c.errs = parse(s.pl, c.src); len(c.errs) > 0 {
		return "", errorList(c.errs)
	}
	if c.p.program {
		return c.withImports(c.src.text), nil
	}
	var statements, declarations strings.Builder
	for i, it := range c.p.items {
		piece := c.src.text[it.start:it.end]
		if i == len(c.p.items)-1 && c.p.show != nil && !c.p.hush && it.kind == stmtItem {
			if _, call := ast.Unparen(c.p.show).(*ast.CallExpr); !call {
				piece, c.auto = "ʹfmt.Println("+piece+")", []string{"fmt"}
			}
		}
		line := strings.TrimPrefix(lineDirective(c.src, it.start), "\n")
		switch it.kind {
		case stmtItem, varItem:
			statements.WriteString(line + piece + "\n")
		case declItem:
			declarations.WriteString(line + piece + "\n")
		}
	}
	return c.withImports(declarations.String() + "func main() {\n" + statements.String() + "}\n"), nil
}

// withImports puts a package clause and imports before a text, in which its own
// imports and package clause are blank.
func (c *compiler) withImports(text string) string {
	var b strings.Builder
	b.WriteString("package main\n\n")
	imported := map[string]bool{}
	for _, im := range c.p.imports {
		name, path := importName(im)
		imported[name] = true
		if im.Name == nil {
			name = ""
		}
		fmt.Fprintf(&b, "import %s %s\n", name, strconv.Quote(path))
	}
	found := c.missing()
	for name := range c.selected() {
		if path, ok := c.s.imports[name]; ok {
			found[name] = path
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if !imported[name] {
			fmt.Fprintf(&b, "import %s %s\n", name, strconv.Quote(found[name]))
		}
	}
	for _, path := range c.auto {
		fmt.Fprintf(&b, "import ʹ%s %q\n", path, path)
	}
	b.WriteString("\n")
	if c.p.program {
		plain := []byte(text)
		for _, it := range c.p.items {
			if it.kind == importItem || it.kind == packageItem {
				blank(plain, it.start, it.end)
			}
		}
		text = lineDirective(c.src, 0) + string(plain)
	}
	return b.String() + text
}
