package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// hint says what to do about an error where Go's words do not help in a
// notebook.
func (c *compiler) hint(e fault, off int) string {
	if name, ok := strings.CutPrefix(e.Msg, "undefined: "); ok {
		if pkg, sel, ok := strings.Cut(name, "."); ok {
			return c.selectorHint(pkg, sel)
		}
		return c.undefinedHint(name, off)
	}
	switch {
	case strings.HasSuffix(e.Msg, "missing return"):
		return "a function with results must end in a return statement"
	case strings.HasPrefix(e.Msg, "too many return values"):
		return "a cell has no results; to show a value write it as the last line"
	case strings.HasPrefix(e.Msg, "no new variables on left side of :="):
		return "use = to assign to a variable that this cell declares above"
	case strings.HasSuffix(e.Msg, " is not used") && !strings.HasPrefix(e.Msg, "declared"):
		return "only the last line of a cell shows its value"
	}
	if strings.HasSuffix(e.Msg, " in assignment") {
		return c.assignHint(off)
	}
	if h := c.memberHint(e.Msg); h != "" {
		return h
	}
	return c.predeclaredHint(e.Msg)
}

// predeclaredHint explains an error about a name of Go's own that the author
// has given to something else.
func (c *compiler) predeclaredHint(msg string) string {
	for _, w := range strings.FieldsFunc(msg, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if e := c.view[w]; e != nil && types.Universe.Lookup(w) != nil {
			return "the name " + w + ", declared in " + cellName(e.src.cell) + ", hides Go's own"
		}
	}
	return ""
}

// assignHint says how a variable of the notebook gets another type.
func (c *compiler) assignHint(off int) string {
	if c.p.body == nil {
		return ""
	}
	for _, s := range c.p.body.List {
		a, ok := unlabelled(s).(*ast.AssignStmt)
		if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 || len(a.Rhs) != 1 || c.s.pl.offset(a.Rhs[0].Pos()) != off {
			continue
		}
		id, ok := a.Lhs[0].(*ast.Ident)
		if ok && c.first.global(c.first.info.Uses[id]) {
			return "to make " + id.Name + " a variable of another type write " + id.Name + " := ..."
		}
	}
	return ""
}

// undefinedHint finds out what a name nobody declares may be.
func (c *compiler) undefinedHint(name string, off int) string {
	if line := c.declaredBelow(name, off); line > 0 {
		return name + " is declared below, in line " + itoa(line) + "; statements run in the order written"
	}
	if c.s.cfg.Packages != nil {
		if list := c.s.cfg.Packages(name); len(list) > 0 && c.selected()[name] != nil {
			return "no package named " + name + " could be loaded; known: " + strings.Join(list, ", ")
		}
	}
	if n := nearest(name, c.visible()); n != "" {
		return "did you mean " + n + "?"
	}
	if c.selected()[name] != nil {
		return "if " + name + " is a package, import it or get its module with %get"
	}
	return ""
}

// declaredBelow is the line below off in which the cell's statements declare
// the variable name, or 0.
func (c *compiler) declaredBelow(name string, off int) int {
	for _, v := range c.vars {
		if at := c.s.pl.offset(v.id.Pos()); v.id.Name == name && at > off {
			return c.lineOf(v.id.Pos())
		}
	}
	if c.p.body == nil {
		return 0
	}
	line := 0
	ast.Inspect(c.p.body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && line == 0 && id.Name == name {
			if c.topLevelIdent(id.Pos()) && c.s.pl.offset(id.Pos()) > off {
				line = c.lineOf(id.Pos())
			}
		}
		return true
	})
	return line
}

// visible are the names that a cell can use.
func (c *compiler) visible() []string {
	names := map[string]bool{}
	for _, e := range c.view {
		if e.kind != Method && !e.init && e.key == e.name {
			names[e.name] = true
		}
	}
	for n := range c.imports {
		names[n] = true
	}
	for n := range c.declaredNames() {
		names[n] = true
	}
	for _, n := range types.Universe.Names() {
		names[n] = true
	}
	delete(names, "_")
	return slices.Sorted(maps.Keys(names))
}

// selectorHint finds what a package exports under a similar name.
func (c *compiler) selectorHint(pkg, sel string) string {
	path := c.imports[pkg]
	if path == "" {
		return ""
	}
	p, err := c.s.cfg.Importer.Import(path)
	if err != nil {
		return ""
	}
	var names []string
	for _, n := range p.Scope().Names() {
		if ast.IsExported(n) {
			names = append(names, n)
		}
	}
	if n := nearest(sel, names); n != "" {
		return "did you mean " + pkg + "." + n + "?"
	}
	return ""
}

// memberHint explains "x.Foo undefined": a name that hides a package.
func (c *compiler) memberHint(msg string) string {
	sel, _, ok := strings.Cut(msg, " undefined (type ")
	if !ok {
		return ""
	}
	name, member, _ := strings.Cut(sel, ".")
	if c.s.cfg.Packages == nil || !ast.IsExported(member) {
		return ""
	}
	e := c.view[name]
	for _, path := range c.s.cfg.Packages(name) {
		p, err := c.s.cfg.Importer.Import(path)
		if err != nil || p.Scope().Lookup(member) == nil {
			continue
		}
		where := "this cell"
		if e != nil && e.src.cell != c.src.cell {
			where = cellName(e.src.cell)
		}
		return "the name " + name + ", declared in " + where + ", hides package " + path
	}
	return ""
}

func nearest(name string, list []string) string {
	best, least := "", (len(name)+1)/3+1
	for _, n := range list {
		if n == name {
			continue
		}
		if strings.EqualFold(n, name) {
			return n
		}
		if d := distance(name, n, least); d < least {
			best, least = n, d
		}
	}
	return best
}

// distance is the number of letters to add, drop, change or swap, at most
// limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	prev2, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			d := prev[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, prev[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			row[j] = d
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}
