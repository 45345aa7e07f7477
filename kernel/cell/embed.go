package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// embedded returns the patterns of the go:embed directives above an offset.
func (p *parsed) embedded(off int) (patterns []string) {
	for _, d := range p.directives(off) {
		rest, ok := strings.CutPrefix(d, "//go:embed ")
		for ok && rest != "" {
			rest = strings.TrimLeft(rest, " \t")
			pattern, after, _ := strings.Cut(rest, " ")
			if q, err := strconv.QuotedPrefix(rest); err == nil {
				pattern, _ = strconv.Unquote(q)
				after = rest[len(q):]
			}
			if pattern != "" {
				patterns = append(patterns, pattern)
			}
			rest = after
		}
	}
	return patterns
}

// checkEmbeds refuses go:embed where Go does.
func (c *compiler) checkEmbeds() {
	check := func(vs *ast.ValueSpec, obj types.Object) {
		off := c.s.pl.offset(vs.Pos())
		if len(c.p.embedded(off)) == 0 {
			return
		}
		msg := ""
		switch {
		case len(vs.Names) != 1:
			msg = "go:embed cannot apply to multiple vars"
		case len(vs.Values) > 0:
			msg = "go:embed cannot apply to var with initializer"
		case obj == nil || !embeddable(obj.Type()):
			msg = "go:embed cannot apply to var of this type: it must be string, []byte or embed.FS"
		}
		if msg != "" {
			c.errs = append(c.errs, newError(c.src, off, msg))
		}
	}
	for _, e := range c.fresh {
		if e.program != nil {
			check(e.program.spec, c.first.pkg.Scope().Lookup(e.key))
		}
	}
	if c.p.body == nil {
		return
	}
	for _, s := range c.p.body.List {
		if d, ok := s.(*ast.DeclStmt); ok {
			for _, spec := range d.Decl.(*ast.GenDecl).Specs {
				if vs, ok := spec.(*ast.ValueSpec); ok {
					check(vs, c.first.info.Defs[vs.Names[0]])
				}
			}
		}
	}
}

func embeddable(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.String
	case *types.Slice:
		b, ok := u.Elem().Underlying().(*types.Basic)
		return ok && b.Kind() == types.Uint8
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "embed" && n.Obj().Name() == "FS"
}

// embedVar writes a variable of its own, which the compiler fills, for the
// author's variable at off, and returns its name; empty if none is embedded.
// The author's variable cannot be it: that one may live already.
func (em *emitter) embedVar(off int, e *entity) string {
	patterns := em.p.embedded(off)
	if len(patterns) == 0 {
		return ""
	}
	name := em.ids.claimNew(e.name, fmt.Sprintf("embed %d %d", em.src.serial, off))
	line, _ := em.src.place(off)
	em.embeds = append(em.embeds, Embed{Patterns: patterns, Line: line})
	var quoted []string
	for _, p := range patterns {
		quoted = append(quoted, strconv.Quote(p))
	}
	fmt.Fprintf(&em.tail, "//go:embed %s\nvar %s %s\n", strings.Join(quoted, " "), name, em.varType(e))
	if em.as["embed"] == "" {
		em.blank["embed"] = true
	}
	return name
}

// embedComments takes the directives out of the statements, where the compiler
// would not expect them.
func (c *compiler) embedComments() (edits []edit) {
	for _, n := range c.p.notes {
		if strings.HasPrefix(n.lit, "//go:embed") {
			edits = append(edits, edit{n.off, n.off + len(n.lit), strings.Repeat(" ", len(n.lit))})
		}
	}
	return edits
}
