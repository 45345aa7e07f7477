package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// mark stands in every identifier made by us, before a number: the generation
// of a type or variable (pointʹ2), the function of a cell (ʹcell7). It is a
// letter to Go. The linker takes mark and number out of all names that a
// running program can see.
const mark = "ʹ"

// Mark begins the names of functions which are ours alone, such as that of a
// cell; in all other names a running program does not see it.
const Mark = mark

// Config says where packages are found.
type Config struct {
	// Importer finds packages by import path.
	Importer types.Importer
	// Packages lists the import paths of the known packages of one name, for
	// imports that the author left out. It may be nil.
	Packages func(name string) []string
	// GoVersion is the language version of cells, as in "go1.26"; empty for
	// the newest.
	GoVersion string
	// Names lists the names of the known packages, for completion. It may be
	// nil.
	Names func() []string
}

// Scope is all declarations of one session. Compile leaves it as it is;
// Commit adds what a cell declared. A Scope is used by one goroutine at a time.
type Scope struct {
	cfg     Config
	pl      *places
	names   map[string]*entity // by name in the syntax trees
	imports map[string]string  // name to path
	dots    []string           // dot-imported paths
	alias   map[string]string  // path to a name unique in the session
	ids     identities
	version int      // commits so far
	serial  int      // compilations so far
	types   []string // instantiated and unnamed types seen by the linker
	code    code
	wasType map[string]bool // names that types had in generated code
	cells   map[int]int     // the author's number of each compiled cell
}

// NewScope returns the scope of a session in which nothing is declared.
func NewScope(cfg Config) *Scope {
	return &Scope{
		cfg:     cfg,
		pl:      newPlaces(),
		names:   map[string]*entity{},
		imports: map[string]string{},
		alias:   map[string]string{},
		ids:     newIdentities(),
		code:    newCode(),
		wasType: map[string]bool{},
		cells:   map[int]int{},
	}
}

// Kind says what a name of the session is.
type Kind string

// The kinds of names.
const (
	Func   Kind = "function"
	Method Kind = "method"
	Type   Kind = "type"
	Var    Kind = "variable"
	Const  Kind = "constant"
	Import Kind = "package"
)

// entity is one declaration of the session. Its syntax trees are shared by
// all later checks; the identifiers in them that refer to other declarations
// are listed, so that those can be renamed.
type entity struct {
	name string // the author's
	key  string // its name in the syntax trees, unique; T.M for methods
	kind Kind
	src  *source
	off  int // of the declaration in src
	end  int

	fun   *ast.FuncDecl  // Func and Method
	stub  *ast.FuncDecl  // the same without its body
	spec  *ast.TypeSpec  // Type
	value *ast.ValueSpec // Var
	group *constGroup    // Const
	ident *ast.Ident     // the identifier that declares it
	recv  string         // key of the receiver's type
	init  bool           // an init function, or one named _
	doc   []string       // //go: directives

	// A variable is declared by the text of its type (src is that text) or, when
	// the type cannot be written, by result number index of count of an
	// expression in the cell, or by a type expression there.
	text            string
	byValue, byType bool
	index, count    int
	line            int          // in the cell that declared it
	program         *programVars // while the whole program that declares it is compiled
	again           bool         // its program sets it each time it runs

	uses    uses
	emitted string // its name in generated code
	typ     string // as a person reads it
	sig     string // identity of what others can see of it
	broken  string // why it no longer compiles
	live    *live  // its code in the worker is current
	shape   string // of a variable's value in memory
	built   string // version of the newest compiled code, if any
}

type constGroup struct {
	decl    *ast.GenDecl
	members []*entity
}

// uses is what a declaration refers to.
type uses struct {
	refs   []ref     // declarations of the session
	pkgs   []pkgUse  // packages by name, and objects of dot-imported ones
	static []edit    // changes that are the same each time
	locals []hoisted // local types, hoisted to package level
}

// ref is an identifier that refers to the declaration with a key.
type ref struct {
	id     *ast.Ident
	off, n int // where it stands in the author's text
	key    string
}

// pkgUse is an identifier that refers to a package or, with dot, to an object
// of a package that was imported with a dot.
type pkgUse struct {
	name   string
	off, n int
	path   string
	dot    bool
}

// hoisted is a local type that is emitted at package level.
type hoisted struct {
	name string
	text string // what follows the name; packages under their session alias
	pkgs []string
}

// view is the declarations that one check works on.
type view map[string]*entity

// closure adds everything that the declarations in want need, with all methods
// of their types.
func (v view) closure(want map[*entity]bool) map[*entity]bool {
	methods := v.methods()
	var visit func(e *entity)
	all := map[*entity]bool{}
	visit = func(e *entity) {
		if e == nil || all[e] {
			return
		}
		all[e] = true
		for _, r := range e.uses.refs {
			visit(v[r.key])
		}
		if e.kind == Method {
			visit(v[e.recv])
		}
		for _, m := range methods[e.key] {
			visit(m)
		}
		if e.group != nil {
			for _, m := range e.group.members {
				visit(m)
			}
		}
	}
	for e := range want {
		visit(e)
	}
	return all
}

// methods lists the methods of each type.
func (v view) methods() map[string][]*entity {
	m := map[string][]*entity{}
	for _, e := range v {
		if e.kind == Method {
			m[e.recv] = append(m[e.recv], e)
		}
	}
	return m
}

// users returns everything that needs one of the changed declarations,
// directly or not, and those themselves.
func (v view) users(changed map[*entity]bool) map[*entity]bool {
	if len(changed) == 0 {
		return map[*entity]bool{}
	}
	back := map[*entity][]*entity{}
	add := func(from, to *entity) {
		if to != nil && from != to {
			back[to] = append(back[to], from)
		}
	}
	for _, e := range v {
		for _, r := range e.uses.refs {
			add(e, v[r.key])
		}
		if e.kind == Method {
			add(v[e.recv], e)
		}
	}
	all := maps.Clone(changed)
	queue := slices.Collect(maps.Keys(changed))
	for len(queue) > 0 {
		e := queue[0]
		queue = queue[1:]
		for _, u := range back[e] {
			if !all[u] {
				all[u] = true
				queue = append(queue, u)
			}
		}
	}
	return all
}

// sorted returns entities in the order in which they were declared.
func sorted(set map[*entity]bool) []*entity {
	list := slices.Collect(maps.Keys(set))
	slices.SortFunc(list, func(a, b *entity) int {
		if a.src.serial != b.src.serial {
			return a.src.serial - b.src.serial
		}
		if a.off != b.off {
			return a.off - b.off
		}
		return strings.Compare(a.key, b.key)
	})
	return list
}

// aliasOf is the name, unique in the session, under which the text of a
// variable's type refers to a package.
func (s *Scope) aliasOf(path string) string {
	a, ok := s.alias[path]
	if !ok {
		a = baseName(path) + mark + strconv.Itoa(len(s.alias)+1)
		if !token.IsIdentifier(a) {
			a = "p" + mark + strconv.Itoa(len(s.alias)+1)
		}
		s.alias[path] = a
	}
	return a
}

// cellName is the author's word for a cell.
func cellName(n int) string { return "cell[" + strconv.Itoa(n) + "]" }
