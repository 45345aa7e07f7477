package overlay

const (
	ld     = "cmd/link/internal/ld/"
	loader = "cmd/link/internal/loader/loader.go"
)

// loaderEdits let the loader refer to symbols and packages which are not
// linked but live in the process.
var loaderEdits = []Edit{
	{
		File: loader, Find: `		objidx, ok := l.objByPkg[pkg]
`, After: `		if !ok && LiveLookup != nil {
			r.pkg[i] = livePkg
			continue
		}
`,
		Why: "a package of the process has no object here",
	}, {
		File: loader, Find: `	default:
		rr = l.objs[r.pkg[p]]
`, With: `	default:
		if r.pkg[p] == livePkg {
			return l.liveRef(r, s)
		}
		rr = l.objs[r.pkg[p]]
`,
		Why: "a numbered symbol of such a package is found by name",
	}, {
		File: loader, Find: `		l.reportMissingBuiltin(int(s.SymIdx), r.unit.Lib.Pkg)
`, Before: `		if LiveLookup != nil {
			return l.liveBuiltin(int(s.SymIdx))
		}
`,
		Why: "the runtime's functions are in the process",
	}, {
		File: loader, Find: `	objidx       uint32   // index of this reader in the objs slice
`, After: `	liveRefs     map[goobj.SymRef]Sym
`,
		Why: "what liveRef has resolved",
	}, {
		File: loader, Find: `make(map[string]Sym, 80000), make(map[string]Sym, 50000)`,
		With: `make(map[string]Sym, liveHint(80000)), make(map[string]Sym, liveHint(50000))`,
		Why:  "tables of the size of a cell: 1 ms",
	}, {
		File: loader, Find: `			if !l.attrReachable.Has(gi) {
				continue
			}
			osym := r.Sym(i)
`, With: `			if !l.attrReachable.Has(gi) || l.LiveIsBound(gi) {
				continue
			}
			osym := r.Sym(i)
`,
		Why: "a definition which gave way is not laid out",
	}, {
		File: loader, Find: `	l.nhashedsyms = len(st.hashed64Syms) + len(st.hashedSyms)
`, After: `	l.liveDecide()
`,
		Why: "all definitions are known: decide which are new",
	},
}

// linkerEdits make the linker link against a live process.
var linkerEdits = []Edit{
	{
		File: ld + "main.go", Find: `	interpreter = *flagInterpreter
`, After: `	liveInit()
`,
		Why: "the flags are known",
	}, {
		File: ld + "main.go", Find: `	bench.Start("inittasks")
`, Before: `	liveBind(ctxt)
`,
		Why: "the objects are loaded: bind to the process before anything is laid out",
	}, {
		File: ld + "main.go", Find: `	ctxt.doStackCheck()
`, With: `	if !live {
		ctxt.doStackCheck()
	}
`,
		Why: "callees are not at hand; cells have no nosplit code",
	}, {
		File: ld + "main.go", Find: `	asmbfips(ctxt, *flagFipso)
`, With: `	if !live {
		asmbfips(ctxt, *flagFipso)
	}
`,
		Why: "the checksum belongs to the executable",
	}, {
		File: ld + "main.go", Find: `	ctxt.buildinfo()
`, With: `	if !live {
		ctxt.buildinfo()
	}
`,
		Why: "belongs to the executable",
	}, {
		File: ld + "main.go", Find: `	bench.Start("hostlink")
`, Before: `	liveFinish(ctxt)
`,
		Why: "the file is written: write index and delta",
	}, {
		File: ld + "lib.go", Find: `	loadinternal(ctxt, "runtime")
`, With: `	if !live {
		loadinternal(ctxt, "runtime")
	}
`,
		Why: "the process has a runtime",
	}, {
		File: ld + "lib.go", Find: `	loadfips(ctxt)
`, With: `	if !live {
		loadfips(ctxt)
	}
`,
		Why: "belongs to the executable",
	}, {
		File: ld + "lib.go", Find: `func Entryvalue(ctxt *Link) int64 {
`, After: `	if live {
		return liveEntry(ctxt)
	}
`,
		Why: "a cell starts in its function, an image nowhere",
	}, {
		File: ld + "link.go", Find: `	for _, imp := range l.Autolib {
`, After: `		if liveKnows(imp.Pkg, imp.Fingerprint[:]) {
			continue
		}
`,
		Why: "packages of the process are not linked again, and must be the same",
	}, {
		File: ld + "inittask.go", Find: `		ctxt.mainInittasks = ctxt.inittaskSym([]string{"main..inittask"}, "go:main.inittasks")
`, With: `		if live && *flagLiveDump == "" {
			break // package main of a session has no initialisers
		}
		ctxt.mainInittasks = ctxt.inittaskSym([]string{"main..inittask"}, "go:main.inittasks")
`,
		Why: "cells run initialisers themselves, in their own order; images run those of their packages",
	}, {
		File: ld + "deadcode.go", Find: `				if !d.ldr.IsGoType(rs) && !d.ctxt.linkShared {
`, With: `				if !d.ldr.IsGoType(rs) && !d.ctxt.linkShared && !live {
`,
		Why: "a bound type is no Go type to the loader",
	}, {
		File: ld + "deadcode.go", Find: `				if d.ctxt.linkShared && (d.ldr.SymType(rs) == sym.SDYNIMPORT || d.ldr.SymType(rs) == sym.Sxxx) {
`, With: `				if (d.ctxt.linkShared || live) && (d.ldr.SymType(rs) == sym.SDYNIMPORT || d.ldr.SymType(rs) == sym.Sxxx) {
`,
		Why: "there is nothing to decode in a bound type",
	}, {
		File: ld + "deadcode.go", Find: `				if d.ctxt.linkShared && d.ldr.IsItab(symIdx) {
`, With: `				if (d.ctxt.linkShared || live) && d.ldr.IsItab(symIdx) {
`,
		Why: "itabs are kept with their methods",
	}, {
		File: ld + "deadcode.go", Find: `				if d.ldr.IsItab(rs) {
`, Before: `				if d.ldr.LiveIsBound(rs) {
					d.mark(rs, symIdx)
					continue
				}
`,
		Why: "a bound itab has no content",
	}, {
		File: ld + "deadcode.go", Find: `	d.dynlink = d.ctxt.DynlinkingGo()
`, With: `	d.dynlink = d.ctxt.DynlinkingGo() || liveKeepsAll()
`,
		Why: "later cells may call any method",
	}, {
		File: ld + "deadcode.go", Find: `	if ctxt.DynlinkingGo() {
`, With: `	if ctxt.DynlinkingGo() || liveKeepsAll() {
`,
		Why: "later cells may call any method",
	}, {
		File: ld + "deadcode.go", Find: `	var names []string
`, Before: `	if liveKeepsAll() {
		d.liveRoots()
	}
`,
		Why: "later cells may use anything",
	}, {
		File: ld + "pcln.go", Find: `	var size int64
	walkFuncs(ctxt, funcs, func(s loader.Sym) {
		nameOffsets[s]`, With: `	var size int64
	if live {
		size = 1 // offset 0 means: no name
	}
	walkFuncs(ctxt, funcs, func(s loader.Sym) {
		nameOffsets[s]`,
		Why: "without a runtime in front the first name would have offset 0",
	}, {
		File: ld + "pcln.go", Find: `		size += int64(len(ctxt.loader.SymName(s)) + 1) // NULL terminate
`, With: `		size += int64(len(liveShown(ctxt.loader.SymName(s))) + 1) // NULL terminate
`,
		Why: "stack traces say the author's names",
	}, {
		File: ld + "pcln.go", Find: `			symtab.AddCStringAt(int64(off), ctxt.loader.SymName(s))
`, With: `			symtab.AddCStringAt(int64(off), liveShown(ctxt.loader.SymName(s)))
`,
		Why: "stack traces say the author's names",
	}, {
		File: ld + "pcln.go", Find: `			sect := ldr.SymSect(rs)
			if sect == nil {
`, Before: `			if live && ldr.LiveIsText(rs) {
				ctxt.Target.Arch.ByteOrder.PutUint32(data[r.Off():], uint32(ldr.SymValue(rs)-int64(Segtext.Sections[0].Vaddr)+r.Add()))
				continue
			}
`,
		Why: "function data may refer to code of the process", Since: "go1.26",
	}, {
		File: ld + "pcln.go", Find: `} else if !ctxt.linkShared {`, With: `} else if !ctxt.linkShared && !live {`,
		Why: "function data may refer to data of the process",
	}, {
		File: ld + "data.go", Find: `	for _, symn := range sym.ReadOnly {
		symnStartValue := state.datsize
`, Before: `	if live {
		state.datsize++ // no type or name may have offset 0
	}
`,
		Why: "offset 0 means: none",
	}, {
		File: ld + "data.go", Find: `rs != 0 && rst == sym.SDYNIMPORT && !target.IsDynlinkingGo()`,
		With: `!live && rs != 0 && rst == sym.SDYNIMPORT && !target.IsDynlinkingGo()`,
		Why:  "bound symbols have their address already",
	}, {
		File: ld + "data.go", Find: `			sect := ldr.SymSect(rs)
			if sect == nil {
				if rst`, With: `			sect := ldr.SymSect(rs)
			if ldr.LiveIsBound(rs) {
				o = ldr.SymValue(rs) + r.Add() - liveBase(ldr, rs)
				break
			}
			if sect == nil {
				if rst`,
		Why: "an offset to something of the process may be negative",
	}, {
		File: ld + "data.go", Find: `	ldr := p.ctxt.loader
	typData := ldr.Data(typ)
`, With: `	ldr := p.ctxt.loader
	if ldr.LiveIsBound(typ) {
		p.liveAddType(off, uint64(ldr.SymValue(typ)))
		return
	}
	typData := ldr.Data(typ)
`,
		Why: "pointer maps of variables whose types live already",
	}, {
		File: ld + "data.go", Find: `			if decodetypePtrdata(p.ctxt.Arch, ldr.Data(fTyp)) == 0 {`,
		With: `			if livePtrdata(p.ctxt, fTyp) == 0 {`,
		Why:  "fields whose types live already",
	}, {
		File: ld + "data.go", Find: `			elemSize := decodetypeSize(p.ctxt.Arch, ldr.Data(elem))`,
		With: `			elemSize := liveSize(p.ctxt, elem)`,
		Why:  "elements whose types live already",
	}, {
		File: ld + "symtab.go", Find: `	hasmain := ctxt.BuildMode`, With: `	hasmain := !live && ctxt.BuildMode`,
		Why: "the module has no main",
	}, {
		File: ld + "symtab.go", Find: `	moduledata.SetSize(decodetypeSize(ctxt.Arch, ldr.Data(moduledatatype)))
`, With: `	if live {
		moduledata.SetSize(liveSizeAt(liveLookupName("type:runtime.moduledata")))
	} else {
		moduledata.SetSize(decodetypeSize(ctxt.Arch, ldr.Data(moduledatatype)))
	}
`,
		Why: "the type of moduledata is in the process",
	}, {
		File: ld + "symtab.go", Find: `	lastmoduledatap := ldr`, Before: `	if live {
		return symGroupType
	}
`,
		Why: "the runtime appends the module when it is loaded",
	},
}
