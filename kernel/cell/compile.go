package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Unit is one cell, checked and rewritten, ready for the Go compiler.
type Unit struct {
	// Number is the cell's.
	Number int
	// Source is one Go file of package main; its //line directives name
	// cell[N] of the cells that declared what it holds.
	Source []byte
	// Entry is the linker's name of the function that runs the cell.
	Entry string
	// Imports are the paths that Source imports, sorted, without unsafe.
	Imports []string
	// Program says that the cell is a whole program.
	Program bool
	// Shows says that the value of the trailing expression is shown, Fails
	// that its last value is an error, which fails the cell unless it is nil.
	Shows, Fails bool
	// Variables are those of earlier cells that Source refers to, sorted.
	Variables []string
	// Embeds are the go:embed directives of the cell.
	Embeds []Embed
	// Copies are made after the unit is loaded and before it runs.
	Copies []Copy
	// Notices tell the author what the cell changed beyond what it says.
	Notices []string
	// Stubs is for the compiler: what callers have to know of the functions
	// which Source declares without their bodies.
	Stubs []byte

	scope   *Scope
	version int
	apply   []func()
	funcs   map[string]emittedFunc // with their bodies, by the compiler's name
	notes   []byte                 // see SetNotes

	replacing replacing
	text      string          // of the cell
	callersOf map[string]bool // roots of functions whose callers it holds
}

// Embed is a variable of a unit that is filled at compile time.
type Embed struct {
	Patterns []string // as written
	Line     int      // in the cell
}

// compiler is the work on one cell.
type compiler struct {
	s       *Scope
	src     *source
	p       *parsed
	split   map[string]bool  // keys of declarations that earlier cells keep as they were
	full    map[*entity]bool // not to be declared without their bodies
	forced  map[string]bool  // names to be imported even if the cell declares them somewhere
	words   map[string]bool  // identifiers of the cell
	view    view
	imports map[string]string
	dots    []string
	auto    []string // names of added imports
	ids     identities

	fresh     []*entity
	changed   map[*entity]bool // of the session, redefined by the cell
	replaced  map[*entity]*entity
	vars      []*cellVar
	varOf     map[types.Object]*cellVar
	untyped   map[string]bool // variables that have no type because of an error
	atFirst   view            // what names meant above the cell's variables
	around    *ast.FuncType   // of the function that the statements are checked in
	first     *checked        // the statements, variables being local
	second    *checked        // the package
	redone    map[*entity]bool
	broken    map[*entity]string
	named     map[string]string // emitted name of each type by key
	locals    map[types.Object]string
	newUses   map[*entity]uses
	showing   showMode
	unused    bool             // the trailing expression is no statement to Go
	touched   map[*entity]bool // redefined, or methods added, by the cell
	dirty     map[*entity]bool // touched, or uses what is
	keep      []*entity        // types whose methods the cell changes
	parts     []*entity        // types that live types are made of together with those
	callersOf map[string]bool  // roots of functions whose callers are to be compiled, too
	values    []methodValue    // whose code holds that, too
	held      []*entity        // functions whose code holds what the cell declares again
	labels    map[string]bool  // unused labels

	veiled   []veiling
	stripped map[*entity]bool // types whose earlier methods are gone

	resets []*entity // variables that are new because of a type
	taking []*entity // variables that are new, but keep their values
	copies []Copy
	zeros  []zero
	embeds []Embed

	again   bool // with more in split
	errs    []Error
	notices []string
	steps   []change
}

// change is something done to the session's syntax trees, which is taken back
// unless the unit is committed.
type change struct {
	do, undo func()
	passing  bool // Commit does not do it again
}

func (c *compiler) do(ch change) {
	ch.do()
	c.steps = append(c.steps, ch)
}

// restore takes all changes back.
func (c *compiler) restore() {
	for _, ch := range slices.Backward(c.steps) {
		ch.undo()
	}
}

// Compile parses, checks and rewrites the text of a cell that positions call
// cell[n]; numbers may repeat. The scope stays as it is: a unit that is not
// committed leaves nothing behind. Faults in the text are an *Errors, which holds all of them.
func (s *Scope) Compile(src string, n int) (*Unit, error) { return s.compile(src, n, nil) }

// compile is Compile with the callers of the functions that have some roots.
func (s *Scope) compile(src string, n int, callersOf map[string]bool) (*Unit, error) {
	return s.compileFull(src, n, callersOf, map[*entity]bool{})
}

// compileFull is compile without stubs for the functions in full.
func (s *Scope) compileFull(src string, n int, callersOf map[string]bool, full map[*entity]bool) (*Unit, error) {
	forced, split := map[string]bool{}, map[string]bool{}
	for {
		c := s.compiler(src, n)
		c.forced, c.split, c.full, c.callersOf = forced, split, full, callersOf
		u := c.run()
		more := c.again || len(c.errs) > 0 && c.wantImports()
		if u != nil && !more {
			u.text, u.callersOf = src, callersOf
			c.restore()
			return u, nil
		}
		c.forget()
		if !more {
			return nil, errorList(c.errs)
		}
	}
}

func (s *Scope) compiler(src string, n int) *compiler {
	_, code := SplitMagics(src)
	s.serial++
	text := newSource(n, neutral(code))
	text.serial = s.serial
	return &compiler{
		s: s, src: text,
		view: maps.Clone(view(s.names)), imports: maps.Clone(s.imports), dots: slices.Clone(s.dots),
		ids: s.ids.clone(), words: map[string]bool{},
		stripped: map[*entity]bool{}, changed: map[*entity]bool{}, replaced: map[*entity]*entity{},
		varOf: map[types.Object]*cellVar{}, untyped: map[string]bool{},
		broken: map[*entity]string{}, named: map[string]string{},
		locals: map[types.Object]string{}, newUses: map[*entity]uses{}, labels: map[string]bool{},
	}
}

// neutral takes the author's own line directives out: positions are ours.
func neutral(src string) string {
	src = strings.ReplaceAll(src, "\n//line ", "\n//     ")
	src = strings.ReplaceAll(src, "/*line ", "/*     ")
	if strings.HasPrefix(src, "//line ") {
		src = "//     " + src[len("//line "):]
	}
	return src
}

func (c *compiler) run() *Unit {
	c.p, c.errs = parse(c.s.pl, c.src)
	if len(c.errs) > 0 {
		return nil
	}
	for _, t := range c.p.toks {
		if t.tok == token.IDENT {
			c.words[t.lit] = true
		}
	}
	c.notices = append(c.notices, c.p.notices...)
	if c.p.pkgItem {
		c.isolate()
	}
	c.declare()
	c.resolveImports()
	if len(c.errs) > 0 {
		return nil
	}
	c.checkStatements()
	c.declareVars()
	c.checkPackage()
	if len(c.errs) > 0 || c.again {
		return nil
	}
	c.retypeProgramVars()
	c.nameAll()
	return c.emit()
}

// mentioned is what the cell's words may refer to, with all it needs.
func (c *compiler) mentioned() map[*entity]bool {
	want := map[*entity]bool{}
	for w := range c.words {
		if e := c.view[w]; e != nil {
			want[e] = true
		}
		if e := c.atFirst[w]; e != nil && c.view[e.key] == e {
			want[e] = true
		}
	}
	for _, e := range c.fresh {
		want[e] = true
	}
	all := c.view.reach(want, c.stub)
	maps.DeleteFunc(all, func(e *entity, _ bool) bool { return c.isBroken(e) })
	return all
}

func (c *compiler) isBroken(e *entity) bool { return e.broken != "" || c.broken[e] != "" }

// checkStatements checks the statements as a function whose top-level
// variables are local, so that Go's scoping by position holds.
func (c *compiler) checkStatements() {
	c.atFirst = maps.Clone(c.view)
	var extra []ast.Decl
	if c.p.body != nil {
		c.around = &ast.FuncType{Params: &ast.FieldList{}}
		extra = append(extra, &ast.FuncDecl{Name: ast.NewIdent("_"), Type: c.around, Body: c.p.body})
	}
	c.first = c.check(checkJob{include: c.mentioned(), extra: extra})
	for _, e := range c.first.errs {
		if src, _ := c.s.pl.find(e.Pos); src == c.src && !c.allowed(e) {
			c.report(e)
		}
	}
	c.findVars()
	c.noteMain()
	c.checkEmbeds()
	c.decideShow()
}

// checkPackage checks the whole package with the cell's variables in it: the
// bodies of the cell's functions and of all that depends on what it changes.
// Functions of earlier cells that no longer compile are set aside.
func (c *compiler) checkPackage() {
	c.findChanged()
	users := c.view.users(c.changed)
	c.redone = map[*entity]bool{}
	for e := range users {
		if !c.changed[e] && e.kind != statements {
			c.redone[e] = true
		}
	}
	kept := maps.Clone(c.redone)
	c.held = c.findHeld()
	c.findDirty()
	c.findAffected()
	for _, e := range slices.Concat(c.keep, c.parts, c.held, c.mayBeStale()) {
		kept[e] = true
	}
	for {
		bodies := maps.Clone(c.redone)
		include := c.mentioned()
		for _, e := range c.fresh {
			bodies[e] = true
		}
		for e := range c.view.reach(kept, c.stub) {
			if !c.isBroken(e) || c.redone[e] && c.broken[e] == "" {
				include[e] = true
			}
		}
		c.second = c.check(checkJob{include: include, bodies: bodies})
		if !c.setAside(include) || c.again {
			break
		}
	}
	for _, e := range c.second.errs {
		if src, _ := c.s.pl.find(e.Pos); src == c.src && !c.known(e) {
			c.report(e)
		}
	}
	c.bodyless()
}

// setAside marks functions of earlier cells that no longer compile; it says
// whether there were any new ones.
func (c *compiler) setAside(include map[*entity]bool) (again bool) {
	for _, err := range c.second.errs {
		src, off := c.s.pl.find(err.Pos)
		if src == nil || src == c.src {
			continue
		}
		for e := range include {
			if e.src != src || off < e.off || off >= e.end || c.isFresh(e) || c.broken[e] != "" {
				continue
			}
			if e.kind != Func {
				c.splitOrRefuse(e, err)
				continue
			}
			c.broken[e] = c.whyBroken(err)
			again = true
		}
	}
	return again
}

// whyBroken tells why a function does not compile: for one that needs another
// such function, that.
func (c *compiler) whyBroken(err fault) string {
	msg, _, _ := strings.Cut(clean(err.Msg), "\n")
	name, ok := strings.CutPrefix(msg, "undefined: ")
	if e := c.view[name]; ok && e != nil && c.isBroken(e) {
		return "it needs " + name
	}
	return msg
}

func (c *compiler) isFresh(e *entity) bool { return slices.Contains(c.fresh, e) }

// splitOrRefuse deals with a type, method or variable of an earlier cell that
// what this cell declares anew would break: it keeps what it had, under a name
// of its own, and the cell is compiled again with that in mind.
func (c *compiler) splitOrRefuse(e *entity, err fault) {
	for x := range c.view.closure(map[*entity]bool{e: true}) {
		if c.changed[x] && c.replaced[x] != nil && x.kind != Method && !c.split[x.key] {
			c.split[x.key], c.again = true, true
		}
	}
	if !c.again {
		c.refuse(e, err)
	}
}

// refuse reports that the cell would break a declaration which cannot be set
// aside.
func (c *compiler) refuse(e *entity, err fault) {
	old := newError(e.src, c.s.pl.offset(err.Pos), clean(err.Msg))
	off := 0
	for _, f := range c.fresh {
		if c.changed[f] {
			off = f.off
		}
	}
	ne := newError(c.src, off, "this would break "+string(e.kind)+" "+e.label()+" of "+old.Pos()+": "+old.Msg)
	ne.Hint = "declare " + e.label() + " again in this cell"
	c.errs = append(c.errs, ne)
}

// label is the name of a declaration as the author knows it.
func (e *entity) label() string { return clean(e.key) }

// bodyless refuses functions without a body, as the compiler would.
func (c *compiler) bodyless() {
	for _, e := range c.fresh {
		if e.fun != nil && e.fun.Body == nil {
			c.errs = append(c.errs, newError(c.src, e.off, "missing function body"))
		}
	}
}

// known are errors of the second check that the first has told already, or
// that follow from a variable without a type.
func (c *compiler) known(e fault) bool {
	if name, ok := strings.CutPrefix(e.Msg, "undefined: "); ok && c.untyped[name] {
		return true
	}
	return slices.ContainsFunc(c.first.errs, func(f fault) bool { return f.Pos == e.Pos && f.Msg == e.Msg })
}

// report adds an error of the type checker.
func (c *compiler) report(e fault) {
	off := c.s.pl.offset(e.Pos)
	ne := newError(c.src, off, clean(e.Msg))
	for _, m := range e.more {
		if src, at := c.s.pl.find(m.Pos); src != nil {
			me := newError(src, at, strings.TrimSpace(clean(m.Msg)))
			ne.Detail = append(ne.Detail, me.Error())
		}
	}
	ne.Hint = c.hint(e, off)
	if name, ok := strings.CutPrefix(e.Msg, "undefined: "); ok {
		if b := c.view[name]; b != nil && c.isBroken(b) {
			ne.Msg = name + " of " + cellName(b.src.cell) + " no longer compiles: " + b.broken + c.broken[b]
			ne.Hint = "declare " + name + " again"
		}
	}
	c.errs = append(c.errs, ne)
}
