package cell

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// findAffected finds the types whose methods reach something that the cell
// defines anew. Their method tables must be made again.
func (c *compiler) findAffected() {
	c.keep, c.parts = nil, nil
	if len(c.touched) == 0 {
		return
	}
	back := map[*entity][]*entity{}
	for _, e := range c.view {
		for _, r := range e.uses.refs {
			if to := c.view[r.key]; to != nil {
				back[to] = append(back[to], e)
			}
		}
		if recv := c.view[e.recv]; e.kind == Method && recv != nil {
			back[e] = append(back[e], recv)
			back[recv] = append(back[recv], e)
		}
	}
	seen := map[*entity]bool{}
	var visit func(e *entity)
	visit = func(e *entity) {
		if !seen[e] {
			seen[e] = true
			for _, u := range back[e] {
				visit(u)
			}
		}
	}
	for e := range c.felt() {
		visit(e)
	}
	for _, e := range c.held {
		if e.kind == Method {
			visit(e)
		}
	}
	for _, e := range sorted(seen) {
		if e.kind == Type && !c.isBroken(e) {
			c.keep = append(c.keep, e)
		}
	}
	c.keepParts()
}

// keepParts adds the types that instances and unnamed types are made of
// together with one that is kept.
func (c *compiler) keepParts() {
	byName := map[string]*entity{}
	for _, e := range c.view {
		if old := c.replaced[e]; e.kind == Type && old != nil {
			byName[old.emitted] = e
		} else if e.kind == Type {
			byName[e.emitted] = e
		}
	}
	kept := map[*entity]bool{}
	for _, e := range c.keep {
		kept[e] = true
	}
	parts := map[*entity]bool{}
	for _, t := range c.s.types {
		var of []*entity
		hit := false
		eachQualified(t, func(path, name string) {
			if e := byName[name]; path == "main" && e != nil {
				of = append(of, e)
				hit = hit || kept[e]
			}
		})
		for _, e := range of {
			if hit && !kept[e] && !c.isBroken(e) {
				parts[e] = true
			}
		}
	}
	c.parts = sorted(parts)
}

// eachQualified calls f for the names in a linker's name of a type.
func eachQualified(t string, f func(path, name string)) {
	for i := 0; i < len(t); {
		n := qualifiedLen(t[i:])
		if n > 0 {
			f(splitQualified(t[i : i+n]))
		}
		i += max(n, 1)
	}
}

// methodValues are expressions that make the wrappers of saved method values
// anew.
func (em *emitter) methodValues() (list []string) {
	for _, v := range em.values {
		o, ok := em.second.pkg.Scope().Lookup(em.keyOfEmitted(v.recv)).(*types.TypeName)
		if !ok {
			continue
		}
		if f, _, _ := types.LookupFieldOrMethod(o.Type(), true, em.second.pkg, v.method); f != nil {
			list = append(list, v.text())
		}
	}
	return list
}

// keepers writes a function that keeps the types alive whose methods the cell
// changes, and the instantiated and unnamed types made of them.
func (em *emitter) keepers() {
	list := em.methodValues()
	names := map[string]bool{}
	for _, e := range em.keep {
		names[e.emitted] = true
		o, ok := em.second.pkg.Scope().Lookup(e.key).(*types.TypeName)
		if !ok || o.IsAlias() || types.IsInterface(o.Type()) {
			continue
		}
		if n, ok := o.Type().(*types.Named); ok && n.TypeParams().Len() == 0 && types.NewMethodSet(types.NewPointer(n)).Len() > 0 {
			list = append(list, "(*"+e.emitted+")(nil)")
		}
	}
	for _, t := range em.s.types {
		if len(names) == 0 {
			break
		}
		if text, ok := em.liveType(t, names); ok {
			list = append(list, "(*"+text+")(nil)")
		}
	}
	if len(list) == 0 {
		return
	}
	slices.Sort(list)
	fmt.Fprintf(&em.b, "func %skeep%d() []any {\n\treturn []any{\n", mark, em.src.serial)
	for _, t := range slices.Compact(list) {
		fmt.Fprintf(&em.b, "\t\t%s,\n", t)
	}
	em.b.WriteString("\t}\n}\n")
}

// addTypes remembers the instantiated and the unnamed struct types that the
// linker saw.
func (s *Scope) addTypes(list []string) {
	for _, t := range list {
		t = strings.TrimLeft(strings.TrimPrefix(t, "type:"), "*")
		if !strings.Contains(t, "main.") || strings.ContainsAny(t, "·\"") || strings.Contains(t, "go.shape") || strings.HasPrefix(t, ".") || strings.HasPrefix(t, "noalg") {
			continue
		}
		instance := strings.HasPrefix(t, "main.") && strings.HasSuffix(t, "]")
		if (instance || strings.HasPrefix(t, "struct {")) && !slices.Contains(s.types, t) {
			s.types = append(s.types, t)
		}
	}
}

// liveType writes a type of the linker's list as Go text, if it mentions one
// of the names and every type in it is a current one.
func (em *emitter) liveType(t string, names map[string]bool) (text string, ok bool) {
	var code, check strings.Builder
	hit := false
	var paths []string
	for i := 0; i < len(t); {
		n := qualifiedLen(t[i:])
		if n == 0 {
			code.WriteByte(t[i])
			check.WriteByte(t[i])
			i++
			continue
		}
		path, name := splitQualified(t[i : i+n])
		i += n
		switch path {
		case "":
			code.WriteString(name)
			check.WriteString(name)
		case "main":
			hit = hit || names[name]
			code.WriteString(name)
			check.WriteString(em.keyOfEmitted(name))
		default:
			paths = append(paths, path)
			code.WriteString("\x00" + path + "\x00." + name)
			check.WriteString(em.s.aliasOf(path) + "." + name)
		}
	}
	if !hit || !em.typeExists(check.String(), paths) {
		return "", false
	}
	text = code.String()
	for _, p := range paths {
		text = strings.ReplaceAll(text, "\x00"+p+"\x00", em.use(p, em.s.aliasOf(p)))
	}
	return text, true
}

// keyOfEmitted is the key of the current type with a name in generated code;
// what is no longer current gets a name that does not exist.
func (em *emitter) keyOfEmitted(name string) string {
	for key, n := range em.named {
		if e := em.view[key]; n == name && e != nil && e.kind == Type && !em.isBroken(e) {
			return key
		}
	}
	return "gone" + mark
}

// typeExists checks the text of a type against the package.
func (em *emitter) typeExists(text string, paths []string) bool {
	pkg := types.NewPackage("main", "main")
	for _, name := range em.second.pkg.Scope().Names() {
		if o, ok := em.second.pkg.Scope().Lookup(name).(*types.TypeName); ok {
			pkg.Scope().Insert(o)
		}
	}
	for _, p := range paths {
		imp, err := em.s.cfg.Importer.Import(p)
		if err != nil {
			return false
		}
		pkg.Scope().Insert(types.NewPkgName(token.NoPos, pkg, em.s.aliasOf(p), imp))
	}
	tv, err := types.Eval(em.s.pl.fset, pkg, token.NoPos, text)
	return err == nil && tv.IsType()
}

// qualifiedLen is the length of the name with its package path at the start of
// a linker's type name.
func qualifiedLen(s string) int {
	n := 0
	for i, r := range s {
		if r == '_' || r == '.' || r == '/' || r == '-' || r == '%' || r == '~' || r > 127 || '0' <= r && r <= '9' || 'a' <= r|32 && r|32 <= 'z' {
			n = i + len(string(r))
			continue
		}
		break
	}
	return n
}

// splitQualified cuts a linker's name at the last dot. Dots in the last
// element of an import path are written %2e.
func splitQualified(s string) (path, name string) {
	i := strings.LastIndex(s, ".")
	if i <= 0 || strings.HasSuffix(s, "...") {
		return "", s
	}
	return strings.ReplaceAll(s[:i], "%2e", "."), s[i+1:]
}
