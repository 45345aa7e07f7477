package cell

import (
	"fmt"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A function that is declared again takes the place of the one that lives: the
// engine lets the old one jump to it. That needs the same arguments, results
// and, for a function literal, captured variables; hence a function whose
// signature changed has another name in generated code, and a literal moves
// only when the declaration it stands in is what it was.
//
// Code that holds the old function, because it was inlined there, is compiled
// again together with it. What cannot be, and still may run, is named to the
// author.

// Code is a function that the linker found in a unit.
type Code struct {
	// Name is the linker's, as in "main.(*point).String".
	Name string
	// Holds are the functions whose code stands in it too, or whose generic
	// dictionary it passes.
	Holds []string
	// Calls are those that it calls or whose value it takes, where it is a
	// function literal or the statements of a cell.
	Calls []string
	// Takes are those whose value it takes: it may have been kept.
	Takes []string
	// Again says that there was one of its name.
	Again bool
}

// code is what a session knows of its compiled functions.
type code struct {
	holds map[string][]string // by the linker's name: roots of what it holds
	calls map[string][]string // by the linker's name: roots of what it calls
	takes map[string][]string // by the linker's name: roots of whose values it ever took
	notes map[string]note     // by the compiler's name
	lost  int                 // old functions that were not replaced so far
}

func newCode() code {
	return code{holds: map[string][]string{}, calls: map[string][]string{}, takes: map[string][]string{}, notes: map[string]note{}}
}

// bare takes type arguments out of a linker's name.
func bare(name string) string {
	var b strings.Builder
	depth := 0
	for _, r := range name {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// symbol is a linker's name of a function of the session, taken apart.
type symbol struct {
	root    string // f or T.M, in the names of generated code
	rest    string // what follows: .func1, -fm
	generic bool
}

// methodSymbol matches (*T).M and what follows it.
var methodSymbol = regexp.MustCompile(`^\(\*([^()]+)\)\.([^.-]+)(.*)$`)

// parseSymbol takes a linker's name apart; isType tells whether a name is that
// of a type.
func parseSymbol(name string, isType func(string) bool) (s symbol, ok bool) {
	s.generic = strings.Contains(name, "[")
	text, ok := strings.CutPrefix(bare(name), "main.")
	if !ok {
		return s, false
	}
	if m := methodSymbol.FindStringSubmatch(text); m != nil {
		s.root, s.rest = m[1]+"."+m[2], m[3]
		return s, true
	}
	n := strings.IndexAny(text, ".-")
	if n < 0 {
		s.root = text
		return s, true
	}
	if text[n] == '.' && isType(text[:n]) {
		if end := strings.IndexAny(text[n+1:], ".-"); end >= 0 {
			n += 1 + end
		} else {
			n = len(text)
		}
	}
	s.root, s.rest = text[:n], text[n:]
	return s, true
}

// literal matches what follows the name of a function for a function literal
// that stands in its text. Others come in with what is inlined there.
var literal = regexp.MustCompile(`^(\.func\d+|-range\d+)(\.\d+|-range\d+)*$`)

// root is the name of a function or method in generated code.
func (c *compiler) root(e *entity) string {
	if e.kind == Method {
		return c.named[e.recv] + "." + e.name
	}
	return e.emitted
}

// byRoot finds the functions and methods of the session by root.
func (c *compiler) byRoot() map[string]*entity {
	m := map[string]*entity{}
	for _, e := range c.view {
		if (e.fun != nil || e.kind == statements) && e.emitted != "" || e.kind == Method && c.named[e.recv] != "" {
			m[c.root(e)] = e
		}
	}
	return m
}

// version is what the compiled code of a function depends on beside the code
// it holds: its text, and what the names in it stand for.
func (c *compiler) version(e *entity) string {
	var b strings.Builder
	b.WriteString(e.src.text[e.off:e.end])
	for _, r := range e.uses.refs {
		to := c.view[r.key]
		switch {
		case to == nil:
			b.WriteString("\x00" + r.key)
		case to.kind == Method:
		case to.kind == Const:
			fmt.Fprintf(&b, "\x00%s", c.constant(to))
		default:
			b.WriteString("\x00" + to.emitted)
		}
	}
	return hash(b.String())
}

// constant is the type and the value of a constant.
func (c *compiler) constant(e *entity) string {
	if o, ok := c.second.pkg.Scope().Lookup(e.key).(*types.Const); ok {
		return types.TypeString(o.Type(), nil) + " " + o.Val().ExactString()
	}
	return e.key
}

// holders are the functions of earlier cells that must be compiled again with
// the cell: those whose text means something else now, and those that hold the
// code of a function which the cell declares again.
func (c *compiler) holders() (list []*entity) {
	for _, e := range c.held {
		if !c.isBroken(e) && (e.kind != statements || c.asBuilt(e)) {
			list = append(list, e)
		}
	}
	for e := range c.redone {
		if e.fun != nil && e.built != "" && !c.isFresh(e) && c.broken[e] == "" && c.version(e) != e.built {
			list = append(list, e)
		}
	}
	return list
}

// findHeld finds the functions, and the types of saved method values, whose
// code holds that of a function which the cell declares again.
func (c *compiler) findHeld() (list []*entity) {
	again := map[string]bool{}
	for e, old := range c.replaced {
		if e.fun != nil && old.built != "" {
			again[c.oldRoot(old)] = true
		}
	}
	if len(again) == 0 {
		return nil
	}
	roots, types := map[string]bool{}, map[string]bool{}
	isType := func(name string) bool { return c.s.wasType[name] }
	c.values = nil
	for _, name := range c.s.code.callers(c.callersOf) {
		if s, ok := parseSymbol(name, isType); ok {
			roots[s.root] = true
			again[s.root] = again[s.root] || s.generic
		}
	}
	for name := range c.s.code.heldBy(again, isType) {
		if v, ok := parseMethodValue(name); ok {
			c.values = append(c.values, v)
			types[v.recv] = true
		} else if s, ok := parseSymbol(name, isType); ok {
			roots[s.root] = true
		}
	}
	for _, e := range c.view {
		switch {
		case c.isBroken(e):
		case e.kind == Type && types[e.emitted],
			(e.fun != nil || e.kind == statements) && !c.isFresh(e) && roots[c.oldRoot(e)]:
			list = append(list, e)
		}
	}
	return list
}

// callers lists the code that calls a function with one of the roots.
func (k code) callers(roots map[string]bool) (names []string) { return refer(k.calls, roots) }

// takers lists the code that took the value of a function with that root.
func (k code) takers(root string) []string { return refer(k.takes, map[string]bool{root: true}) }

func refer(to map[string][]string, roots map[string]bool) (names []string) {
	for name, called := range to {
		if slices.ContainsFunc(called, func(r string) bool { return roots[r] }) {
			names = append(names, name)
		}
	}
	return names
}

// oldRoot is the root of a function before the names of this unit are settled.
func (c *compiler) oldRoot(e *entity) string {
	if e.kind != Method {
		return e.emitted
	}
	recv := c.view[e.recv]
	if old := c.replaced[recv]; old != nil {
		recv = old
	}
	if recv == nil {
		return ""
	}
	return recv.emitted + "." + e.name
}

// heldBy lists the code that holds a function of again. Generic code cannot be
// replaced in place, so what holds it follows.
func (k code) heldBy(again map[string]bool, isType func(string) bool) map[string]bool {
	again, found := maps.Clone(again), map[string]bool{}
	for more := true; more; {
		more = false
		for name, held := range k.holds {
			if found[name] || !slices.ContainsFunc(held, func(r string) bool { return again[r] }) {
				continue
			}
			found[name] = true
			if s, ok := parseSymbol(name, isType); ok && s.generic && !again[s.root] {
				again[s.root], more = true, true
			}
		}
	}
	return found
}

// unchanged lists the roots of functions of which the code that lives was
// compiled from the same text, of the same meaning.
func (c *compiler) unchanged() map[string]bool {
	same := map[string]bool{}
	for root, e := range c.byRoot() {
		old := e
		if c.isFresh(e) {
			old = c.replaced[e]
		}
		same[root] = old != nil && old.built != "" && old.built == c.version(e)
	}
	return same
}

// Moves says whether the function with a linker's name takes the place of the
// one of that name which lives: whoever calls that is to reach it.
func (u *Unit) Moves(name string) bool {
	s, ok := parseSymbol(name, u.replacing.isType)
	switch {
	case !ok || s.generic:
		return false
	case s.rest == "-fm":
		return true
	case s.rest == "":
		return !strings.HasPrefix(s.root, mark) && !u.escapes(strings.TrimPrefix(name, "main."))
	}
	return u.replacing.same[s.root] && literal.MatchString(s.rest)
}

// escapes says whether the function of the compiler's name lets something get
// out of its reach that the one which lives did not. Code compiled against that
// one may keep it on its stack.
func (u *Unit) escapes(name string) bool {
	if u.notes == nil {
		return false // nothing was asked of the compiler
	}
	now, known := u.parsedNotes()[name]
	was, lived := u.scope.code.notes[name]
	if !known || !lived {
		return true
	}
	s, _ := parseSymbol("main."+name, u.replacing.isType)
	var bytes []bool
	if e := u.replacing.roots[s.root]; e != nil {
		bytes = u.replacing.bytesIn(e)
	}
	return now.escapesMore(was, bytes)
}

// commitCode records the functions of a unit and lists the notices about those
// of earlier cells that go on using what the unit declares again.
func (u *Unit) commitCode(list []Code) (notices []string) {
	known := &u.scope.code
	moved := map[string]bool{}
	for _, c := range list {
		moved[c.Name] = u.Moves(c.Name)
	}
	notices = u.stale(list, moved)
	maps.Copy(known.notes, u.parsedNotes())
	for _, c := range list {
		if old := known.holds[c.Name]; c.Again && !moved[c.Name] && len(old) > 0 {
			known.lost++
			known.holds[c.Name+mark+strconv.Itoa(known.lost)] = old
		}
		known.set(known.holds, c.Name, c.Holds, u.replacing.isType)
		known.set(known.calls, c.Name, c.Calls, u.replacing.isType)
		known.took(c.Name, c.Takes, u.replacing.isType)
	}
	return notices
}

// took adds to the functions whose values some code has taken. They stay: what
// was taken may have been kept, whatever the code does now.
func (k code) took(name string, list []string, isType func(string) bool) {
	was := k.takes[name]
	k.set(k.takes, name, list, isType)
	for _, root := range was {
		if !slices.Contains(k.takes[name], root) {
			k.takes[name] = append(k.takes[name], root)
		}
	}
}

func (code) set(m map[string][]string, name string, list []string, isType func(string) bool) {
	var roots []string
	for _, n := range list {
		if s, ok := parseSymbol(n, isType); ok && !slices.Contains(roots, s.root) {
			roots = append(roots, s.root)
		}
	}
	if roots == nil {
		delete(m, name)
		return
	}
	m[name] = roots
}
