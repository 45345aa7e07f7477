package cell

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// replacing is what a unit does to the functions that live.
type replacing struct {
	again  map[string]string // roots of those declared again: the author's names
	same   map[string]bool   // roots of those compiled again from the same text
	roots  map[string]*entity
	isType func(string) bool
	// bytesIn tells of the receiver and the parameters of a function which of
	// them may lead to a []byte.
	bytesIn func(*entity) []bool
}

func (c *compiler) replacing() replacing {
	r := replacing{again: map[string]string{}, same: c.unchanged(), roots: c.byRoot(), isType: c.typeTest(), bytesIn: c.bytesIn}
	for e, old := range c.replaced {
		if e.fun != nil && old.built != "" {
			r.again[c.oldRoot(old)] = e.label()
		}
	}
	return r
}

// typeTest returns a copy of isType that outlives the compilation.
func (c *compiler) typeTest() func(string) bool {
	names := map[string]bool{}
	for key, n := range c.named {
		if e := c.view[key]; e != nil && e.kind == Type {
			names[n] = true
		}
	}
	was := c.s.wasType
	return func(name string) bool { return names[name] || was[name] }
}

// user is code that goes on using an earlier function.
type user struct {
	what string // function values made in cell[3]
	cell string // to be run again
}

// stale tells of code that lives on and holds or calls functions which the unit
// declares again, where that code has not been replaced.
func (u *Unit) stale(list []Code, moved map[string]bool) (notices []string) {
	if u.Program {
		return nil // its declarations come and go with it
	}
	for root, label := range u.replacing.again {
		f := finder{u: u, list: list, moved: moved, seen: map[string]bool{}, users: map[user]bool{}}
		f.usersOf(root)
		if len(f.users) > 0 {
			notices = append(notices, stays(label, f.users))
		}
	}
	slices.Sort(notices)
	return notices
}

// finder finds the code that goes on using a function which was not replaced
// everywhere.
type finder struct {
	u     *Unit
	list  []Code
	moved map[string]bool
	seen  map[string]bool // roots
	users map[user]bool
}

func (f *finder) usersOf(root string) {
	if f.seen[root] {
		return
	}
	f.seen[root] = true
	known := f.u.scope.code
	for name := range known.heldBy(map[string]bool{root: true}, f.u.replacing.isType) {
		f.add(name)
	}
	generic := f.generic(root)
	if generic || !f.replaced(root) {
		for _, name := range known.takers(root) {
			f.keeper(name, generic)
		}
	}
	if !generic && !f.replaced(root) {
		for _, name := range known.callers(map[string]bool{root: true}) {
			f.add(name)
		}
	}
}

// keeper notes code that has taken the value of a function. To compile it again
// does not change what it has kept. What takes the value of a generic function
// and was replaced is taken to have passed it on: a call that sorts or maps.
func (f *finder) keeper(name string, generic bool) {
	s, ok := parseSymbol(name, f.u.replacing.isType)
	if !ok || generic && f.moved[name] {
		return
	}
	if generic && s.rest == "" && !strings.HasPrefix(s.root, mark) && slices.ContainsFunc(f.list, func(c Code) bool { return c.Name == name }) {
		return // its own users were told of
	}
	if w, ok := f.u.who(name); ok {
		f.users[w] = true
	}
}

// add notes code that was not replaced. A function that was compiled again,
// but could not take the place of the earlier one, is as good as its callers.
func (f *finder) add(name string) {
	if f.moved[name] {
		return
	}
	s, ok := parseSymbol(name, f.u.replacing.isType)
	if ok && s.rest == "" && slices.ContainsFunc(f.list, func(c Code) bool { return c.Name == name }) {
		f.usersOf(s.root)
	} else if w, ok := f.u.who(name); ok {
		f.users[w] = true
	}
}

// replaced says whether calls of the earlier function reach the new one.
func (f *finder) replaced(root string) bool {
	for _, c := range f.list {
		s, ok := parseSymbol(c.Name, f.u.replacing.isType)
		if ok && s.root == root && s.rest == "" && f.moved[c.Name] {
			return true
		}
	}
	return false
}

// generic says whether a function is one: calls of an earlier one never reach
// the new one, but who calls it holds it.
func (f *finder) generic(root string) bool {
	for _, c := range f.list {
		s, ok := parseSymbol(c.Name, f.u.replacing.isType)
		if ok && s.root == root && s.rest == "" && s.generic {
			return true
		}
	}
	e := f.u.replacing.roots[root]
	return e != nil && e.fun != nil && e.generic()
}

func stays(label string, users map[user]bool) string {
	var who, cells []string
	for w := range users {
		who, cells = append(who, w.what), append(cells, w.cell)
	}
	slices.Sort(who)
	slices.Sort(cells)
	return fmt.Sprintf("the earlier %s stays in use by %s; run %s again to use the new one",
		label, strings.Join(slices.Compact(who), ", "), strings.Join(slices.Compact(cells), ", "))
}

// who says whose the code is that has a linker's name.
func (u *Unit) who(name string) (w user, ok bool) {
	s, ok := parseSymbol(name, u.replacing.isType)
	if !ok {
		return w, false
	}
	if n, cell := strings.CutPrefix(s.root, mark+"cell"); cell {
		serial, err := strconv.Atoi(n)
		at, known := u.scope.cells[serial]
		return user{"function values made in " + cellName(at), cellName(at)}, err == nil && known
	}
	e := u.replacing.roots[s.root]
	if e == nil || s.generic && (s.rest == "" || s.rest == "-fm") {
		return w, false // those that hold a generic function, or took its value, tell
	}
	what := e.label() + " of " + cellName(e.src.cell)
	if s.rest != "" {
		what = "function values made by " + e.label()
	}
	return user{what, cellName(e.src.cell)}, true
}
