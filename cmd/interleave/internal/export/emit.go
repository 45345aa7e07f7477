package export

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// program writes the program, and checks it as a whole.
func (m *maker) program() (Program, error) {
	m.nameAll()
	var decls strings.Builder
	for _, p := range m.parts {
		m.part(&decls, p)
	}
	m.main(&decls)
	var b strings.Builder
	fmt.Fprintf(&b, "// The notebook %s as a program, made by \"interleave export\".\n// Its parameters are flags; see -help.\npackage main\n\n", m.name)
	b.WriteString(m.importList())
	b.WriteString(decls.String())
	src, err := format.Source([]byte(b.String()))
	if err != nil {
		return Program{}, fmt.Errorf("the program does not parse: %w", err)
	}
	if err := m.verify(src); err != nil {
		return Program{}, err
	}
	return Program{Source: src, Notes: m.notes, Imports: slices.Sorted(maps.Keys(m.paths))}, nil
}

// nameAll gives everything its name in the program: types keep theirs, then
// functions, constants and variables in order, then packages.
func (m *maker) nameAll() {
	order := []kind{typeName, function, constant, variable}
	list := slices.DeleteFunc(slices.Clone(m.entities), func(e *entity) bool { return e.kind == method || e.name == "_" })
	slices.SortStableFunc(list, func(a, b *entity) int {
		return cmp.Compare(slices.Index(order, a.kind), slices.Index(order, b.kind))
	})
	m.taken = map[string]bool{"main": true, "init": true}
	for _, e := range list {
		e.final = e.name
		if m.taken[e.name] || e.kind != typeName && types.Universe.Lookup(e.name) != nil {
			e.final = m.free(e.name)
		}
		m.taken[e.final] = true
	}
	m.showOrFail.final = m.free("showOrFail")
}

// free is a name like the wanted one that nothing in the program has.
func (m *maker) free(want string) string {
	name := want
	for n := 2; m.taken[name] || m.words[name] || types.Universe.Lookup(name) != nil; n++ {
		name = want + strconv.Itoa(n)
	}
	m.taken[name] = true
	return name
}

// pkg is the name of a package in the program, which imports it then.
func (m *maker) pkg(path string) string {
	if name := m.paths[path]; name != "" {
		return name
	}
	name := nameOf(path)
	if p, err := m.packages.Import(path); err == nil {
		name = p.Name()
	}
	if m.taken[name] {
		name = m.free(name)
	}
	m.taken[name] = true
	m.paths[path] = name
	return name
}

// text is a chunk with its edits made.
func (m *maker) text(k *chunk) string {
	slices.SortStableFunc(k.edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var b strings.Builder
	at := 0
	for _, e := range k.edits {
		if e.from < at {
			continue // the same identifier, met twice
		}
		b.WriteString(k.text[at:e.from])
		switch {
		case e.entity != nil && e.entity.final != "":
			b.WriteString(e.entity.final)
		case e.pkg != "":
			b.WriteString(m.pkg(e.pkg))
		case e.entity != nil:
			b.WriteString(k.text[e.from:e.to])
		}
		b.WriteString(e.text)
		at = e.to
	}
	return b.String() + k.text[at:]
}

// part writes the declarations of a cell, its variables and its function.
func (m *maker) part(b *strings.Builder, p *part) {
	var first, body strings.Builder
	for _, k := range p.decls {
		if f := k.function; f != nil && f.again {
			fmt.Fprintf(&first, "%s%s\n", k.before, m.assigned(k))
			continue
		}
		fmt.Fprintf(b, "\n%s%s %s\n", k.before, m.text(k), k.after)
	}
	comments := map[*entity]*chunk{}
	for _, k := range p.body {
		if k.gone {
			comments[k.vars[0]] = k
			continue
		}
		fmt.Fprintf(&body, "%s%s %s\n", k.before, m.text(k), k.after)
	}
	m.variablesOf(b, p, comments)
	if first.Len()+body.Len() == 0 {
		return
	}
	p.function = m.free("cell" + strconv.Itoa(p.number))
	fmt.Fprintf(b, "\n// %s is cell %d of the notebook", p.function, p.number)
	if p.heading != "" {
		fmt.Fprintf(b, ", under %q", p.heading)
	}
	fmt.Fprintf(b, ".\nfunc %s() {\n", p.function)
	if p.raises {
		fmt.Fprintf(b, "defer func() {\nif fault := recover(); fault != nil {\n%s.Println(%q, fault)\n}\n}()\n",
			m.pkg("fmt"), fmt.Sprintf("cell %d failed, as it may:", p.number))
	}
	b.WriteString(strings.TrimLeft(first.String()+body.String(), "\n") + "}\n")
}

// assigned is a function that is declared again, as an assignment to the
// variable that it has become.
func (m *maker) assigned(k *chunk) string {
	name := k.function.final
	_, rest, _ := strings.Cut(m.text(k), name)
	return name + " = func" + rest
}

// variablesOf writes the variables that a cell is the first to declare, and
// those which functions have become.
func (m *maker) variablesOf(b *strings.Builder, p *part, comments map[*entity]*chunk) {
	var list strings.Builder
	for _, k := range p.decls {
		if f := k.function; f != nil && f.again && f.cell == p.number {
			fmt.Fprintf(&list, "%s %s\n", f.final, m.typeText(f.typ))
		}
	}
	for _, e := range p.vars {
		if k := comments[e]; k != nil {
			fmt.Fprintf(&list, "%s%s %s %s\n", strings.TrimLeft(k.before, "\n"), e.final, m.typeText(e.typ), k.after)
			continue
		}
		fmt.Fprintf(&list, "%s %s\n", e.final, m.typeText(e.typ))
	}
	if list.Len() > 0 {
		fmt.Fprintf(b, "\nvar (\n%s)\n", list.String())
	}
}

// typeText is a type as the program writes it.
func (m *maker) typeText(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return m.pkg(p.Path())
	})
}

// main writes the flags and the function main.
func (m *maker) main(b *strings.Builder) {
	if m.fails {
		fmt.Fprintf(b, "\n// %[1]s shows values as display.Show does. An error in the last place ends the program.\nfunc %[1]s(values ...any) {\nlast := len(values) - 1\nif err, ok := values[last].(error); ok && err != nil {\npanic(err)\n}\n%[2]s.Show(values[:last]...)\n}\n",
			m.showOrFail.final, m.pkg(displayPath))
	}
	after := -1 // the part after which flags are read
	for i, p := range m.parts {
		if p.declare || p.inject && after == i-1 {
			after = i
		}
	}
	flags := ""
	if after >= 0 {
		flags = m.flags(b)
	}
	b.WriteString("\nfunc main() {\n")
	for i, p := range m.parts {
		if p.function != "" {
			b.WriteString(p.function + "()\n")
		}
		if i == after && flags != "" {
			b.WriteString(flags + "()\n")
		}
	}
	b.WriteString("}\n")
}

// flags writes the function that reads the parameters from the command line.
func (m *maker) flags(b *strings.Builder) (name string) {
	var list strings.Builder
	for _, p := range m.parts {
		if !p.declare {
			continue
		}
		for _, e := range p.vars {
			set := flagFunc(e.typ)
			if set == "" {
				m.notes = append(m.notes, fmt.Sprintf("cell %d: the parameter %s is no flag, as its type is %s", p.number, e.name, m.typeText(e.typ)))
				continue
			}
			fmt.Fprintf(&list, "%s.%s(&%s, %q, %s, %q)\n", m.pkg("flag"), set, e.final, e.name, e.final, p.commentOf(e.name))
		}
	}
	if list.Len() == 0 {
		return ""
	}
	name = m.free("parameters")
	fmt.Fprintf(b, "\n// %s reads the parameters from the command line.\nfunc %s() {\n%s%s.Parse()\n}\n", name, name, list.String(), m.pkg("flag"))
	return name
}

// flagFunc is the function of package flag for variables of a type.
func flagFunc(t types.Type) string {
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" && n.Obj().Name() == "Duration" {
		return "DurationVar"
	}
	if b, ok := types.Unalias(t).(*types.Basic); ok {
		return map[types.BasicKind]string{
			types.Bool: "BoolVar", types.Int: "IntVar", types.Int64: "Int64Var", types.Uint: "UintVar",
			types.Uint64: "Uint64Var", types.Float64: "Float64Var", types.String: "StringVar",
		}[b.Kind()]
	}
	return ""
}

// commentOf is the comment behind the declaration of a parameter.
func (p *part) commentOf(name string) string {
	for _, k := range p.body {
		if first, _, _ := strings.Cut(strings.TrimPrefix(k.text, "var "), " "); first == name {
			return strings.TrimSpace(strings.TrimPrefix(k.after, "//"))
		}
	}
	return "the parameter " + name
}

// importList writes the imports.
func (m *maker) importList() string {
	var b bytes.Buffer
	b.WriteString("import (\n")
	for _, std := range []bool{true, false} {
		for _, path := range slices.Sorted(maps.Keys(m.paths)) {
			if standard(path) != std {
				continue
			}
			if name := m.paths[path]; name != nameOf(path) {
				b.WriteString(name + " ")
			}
			fmt.Fprintf(&b, "%q\n", path)
		}
		b.WriteString("\n")
	}
	for _, path := range m.blank {
		fmt.Fprintf(&b, "_ %q\n", path)
	}
	b.WriteString(")\n")
	return b.String()
}

// standard says whether a path is one of the standard library.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// verify checks the program as the compiler will.
func (m *maker) verify(src []byte) error {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", src, 0)
	if err != nil {
		return fmt.Errorf("the program does not parse: %w", err)
	}
	conf := types.Config{Importer: m.packages}
	if _, err := conf.Check("main", fset, []*ast.File{f}, nil); err != nil {
		return fmt.Errorf("the program does not compile: %w", err)
	}
	return nil
}
