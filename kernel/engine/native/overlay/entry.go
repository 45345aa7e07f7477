package overlay

// entryEdits make room for a jump at the entry of each function of a cell, by
// which code compiled earlier reaches the function when it is declared again,
// and let it be known which code holds which other.
var entryEdits = []Edit{
	{
		File: "cmd/internal/obj/x86/obj6.go", Find: `	if !p.From.Sym.NoSplit() {
		// Emit split check and load G register
		p, regg = stacksplit(ctxt, cursym, p, newprog, autoffset, int32(textarg))
	} else if p.From.Sym.Wrapper() {
`, With: `	text := p.From.Sym
	p = liveEntry(ctxt, p, newprog)
	if !text.NoSplit() {
		// Emit split check and load G register
		p, regg = stacksplit(ctxt, cursym, p, newprog, autoffset, int32(textarg))
	} else if text.Wrapper() {
`,
		Until: "go1.26", Why: "room for a jump at the entry of a function",
	},
	{
		File: "cmd/internal/obj/x86/obj6.go", Find: `	if !p.From.Sym.NoSplit() {
		// Emit split check.
`, With: `	nosplit := p.From.Sym.NoSplit()
	p = liveEntry(ctxt, p, newprog)
	if !nosplit {
		// Emit split check.
`,
		Since: "go1.26", Why: "room for a jump at the entry of a function",
	}, {
		File: "cmd/compile/internal/inline/inl.go", Find: `	inlIndex := base.Ctxt.InlTree.Add(parent, n.Pos(), sym, ir.FuncName(fn))
`, After: "\tir.LiveHolds(callerfn, fn)\n",
		Why: "who holds the code of a function is compiled again with it",
	}, {
		File: "cmd/compile/internal/inline/interleaved/interleaved.go", Find: `	for _, fn := range typecheck.Target.Funcs {
		bigCaller :=`, With: `	for _, fn := range typecheck.Target.Funcs {
		inline.LiveMark(fn)
		bigCaller :=`,
		Why: "calls that a goroutine reaches after waiting are not inlined",
	}, {
		File: "cmd/compile/internal/ssagen/pgen.go", Find: `	fieldtrack(pp.Text.From.Sym, fn.FieldTrack)
`, After: "\tir.LiveKeep(fn, pp.Text.From.Sym)\n",
		Why: "the linker tells who holds the code of a function",
	}, {
		File: "cmd/compile/internal/ir/func.go", Find: `	var inlHash string
	if inlIndex := base.Ctxt.InnermostPos(pos).Base().InliningIndex(); inlIndex >= 0 {`, With: `	var inlHash string
	if inlIndex := base.Ctxt.InnermostPos(pos).Base().InliningIndex(); inlIndex >= 0 && liveNamed(pkg) {
		outer, gen = liveInlinedIn(outer, inlIndex), 0
	} else if inlIndex >= 0 {`,
		Since: "go1.27", Why: "a literal that was inlined is named for the function that holds it",
	}, {
		File: "cmd/compile/internal/ir/func.go", Find: `	fn.Linksym().Set(obj.AttrContentAddressable, true)
`, With: `	fn.Linksym().Set(obj.AttrContentAddressable, !liveNamed(fn.Sym().Pkg))
`,
		Since: "go1.27", Why: "the linker tells what a literal holds and leads it to a new one, so it is found by its name, not by its content",
	},
}
