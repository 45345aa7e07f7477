package overlay

// runtimeEdits hook the files live_*.go into package runtime.
var runtimeEdits = []Edit{
	// A goroutine carries its cell.
	{
		File: "runtime/runtime2.go", Find: `	labels          unsafe.Pointer // profiler labels
	timer `, With: `	labels          unsafe.Pointer // profiler labels
	cell            *liveCell      // the cell which the goroutine belongs to
	liveReturn      uintptr        // the return address which has been exchanged, 0 for none
	liveSlot        uintptr        // where that is, below stack.hi
	liveYielded     bool           // in a prologue, though it was to stop
	timer `,
		Why: "a field of our own: profiler labels are the author's",
	}, {
		File: "runtime/proc.go", Find: `		newg.bubble = callergp.bubble
		if mp.curg != nil {
`, Before: `		newg.cell = callergp.cell
`,
		Why: "a new goroutine inherits its creator's cell, and ends with it",
	}, {
		File: "runtime/proc.go", Find: `	gp.labels = nil
	gp.timer = nil
`, Before: `	gp.cell = nil
	gp.liveReturn = 0
	gp.liveYielded = false
`,
		Why: "a goroutine descriptor is used again",
	}, {
		File: "runtime/time.go", Find: `	seq    uintptr

	// If non-nil, the timers containing t.
`, Before: `	cell   *liveCell // of the goroutine that made it, for functions it starts
`,
		Why: "time.AfterFunc starts a goroutine without a creator",
	}, {
		File: "runtime/time.go", Find: `	t.modify(when, period, f, arg, 0)
	t.init = true
`, Before: `	if c == nil {
		t.cell = getg().cell
	}
`,
		Why: "remember the creator's cell",
	}, {
		File: "runtime/time.go", Find: `	f(arg, seq, delay)

	if !async && t.isChan {
`, With: `	getg().cell = t.cell // this is g0
	f(arg, seq, delay)
	getg().cell = nil

	if !async && t.isChan {
`,
		Why: "the goroutine which f starts inherits it", Until: "go1.27",
	}, {
		File: "runtime/time.go", Find: `	f(arg, seq, delay)

	if t.isChan {
`, With: `	getg().cell = t.cell // this is g0
	f(arg, seq, delay)
	getg().cell = nil

	if t.isChan {
`,
		Why: "the goroutine which f starts inherits it", Since: "go1.27",
	},
	// A goroutine of a cell ends alone.
	{
		File: "runtime/panic.go", Find: `	// If we're tracing, flush the current generation to make the trace more
	// readable.
	//
	// TODO(aktau): Handle a panic from within traceAdvance`, Before: `	if liveEnds() {
		livePanicked(p.arg)
	}

`,
		Why: "a panic which nobody recovers ends its goroutine, with a report",
	}, {
		File: "runtime/panic.go", Find: "func sync_fatal(s string) {\n", After: fatalEnds, Why: "unlock of an unlocked mutex ends its goroutine",
	}, {
		File: "runtime/panic.go", Find: "func maps_fatal(s string) {\n", After: fatalEnds, Why: "concurrent map writes end their goroutine",
	}, {
		File: "runtime/panic.go", Find: "func internal_sync_fatal(s string) {\n", After: fatalEnds, Why: "unlock of an unlocked mutex ends its goroutine",
	}, {
		File: "runtime/proc.go", Find: "func os_beforeExit(exitCode int) {\n", After: `	if liveEnds() {
		liveEnd(liveExit, exitCode)
	}
`,
		Why: "os.Exit in a cell ends its goroutine",
	}, {
		File: "runtime/stack.go", Find: `	if newsize > maxstacksize || newsize > maxstackceiling {
		if maxstacksize < maxstackceiling {
`, With: `	liveOver := liveOverflows(gp, newsize)
	if !liveOver && !liveMayGrow(gp, newsize) && (newsize > maxstacksize || newsize > maxstackceiling) {
		if maxstacksize < maxstackceiling {
`,
		Why: "a stack overflow ends its goroutine",
	}, {
		File: "runtime/stack.go", Find: `	casgstatus(gp, _Gcopystack, _Grunning)
	gogo(&gp.sched)
}
`, With: `	casgstatus(gp, _Gcopystack, _Grunning)
	if liveOver {
		liveCallSigpanic(gp, gp.sched.pc, liveCodeOverflow)
	}
	gogo(&gp.sched)
}
`,
		Why: "now there is room to report it",
	},
	{
		File: "runtime/mfinal.go", Find: `				reflectcall(nil, unsafe.Pointer(f.fn), frame, uint32(framesz), uint32(framesz), uint32(framesz), &regs)
`, With: `				liveGuard(func() {
					reflectcall(nil, unsafe.Pointer(f.fn), frame, uint32(framesz), uint32(framesz), uint32(framesz), &regs)
				})
`,
		Why: "a panic in a finalizer is reported; the others go on",
	}, {
		File: "runtime/mcleanup.go", Find: `			c.call(c.fn, c.arg)

			if raceenabled {
`, With: `			liveGuard(func() { c.call(c.fn, c.arg) })

			if raceenabled {
`,
		Why: "a panic in a cleanup is reported; the others go on", Since: "go1.26",
	}, {
		File: "runtime/mcleanup.go", Find: `			cleanup()
			b.cleanups[i] = nil
`, With: `			liveGuard(cleanup)
			b.cleanups[i] = nil
`,
		Why: "a panic in a cleanup is reported; the others go on", Until: "go1.26",
	},
	// Goroutines of a stopped cell end.
	{
		File: "runtime/stack.go", Find: `		// Act like goroutine called runtime.Gosched.
		gopreempt_m(gp) // never return
`, Before: `		if liveInPrologue(gp) {
			gogo(&gp.sched) // never return
		}

`,
		Why: "stop in a function prologue",
	}, {
		File: "runtime/signal_unix.go", Find: `			ctxt.pushCall(abi.FuncPCABI0(asyncPreempt), newpc)
`, With: `			if !liveOnSignal(gp, ctxt) {
				ctxt.pushCall(abi.FuncPCABI0(asyncPreempt), newpc)
			}
`,
		Why: "stop a loop without calls",
	}, {
		File: "runtime/signal_unix.go", Find: "func sigpanic() {\n\tgp := getg()\n", After: `	if gp.sig == liveSignal {
		liveSigpanic(gp)
	}
`,
		Why: "where stopped goroutines continue",
	}, {
		File: "runtime/proc.go", Find: `	gp.waitsince = 0
	gp.preempt = false
	gp.stackguard0 = gp.stack.lo + stackGuard
	if !inheritTime {
`, With: `	gp.waitsince = 0
	gp.preempt = false
	gp.stackguard0 = gp.stack.lo + stackGuard
	liveAsk(gp)
	if !inheritTime {
`,
		Why: "a goroutine that was blocked when its cell was stopped ends when it goes on",
	}, {
		File: "runtime/panic.go", Find: "func Goexit() {\n", After: "\tliveGoexit()\n",
		Why: "iter.Pull hands the end of its iterator on by Goexit",
	}, {
		File: "runtime/traceback.go", Find: `				lrPtr = frame.fp - goarch.PtrSize
				frame.lr = *(*uintptr)(unsafe.Pointer(lrPtr))
`, After: `				frame.lr = liveReturned(u.g.ptr(), frame.lr)
`,
		Why: "a goroutine that is to stop when a function returns has another return address",
	},
	// Modules loaded later.
	{
		File: "runtime/symtab.go", Find: `	for datap := &firstmoduledata; datap != nil; datap = datap.next {
		if datap.minpc <= pc && pc < datap.maxpc {
			return datap
		}
	}
	return nil
}
`, With: `	return liveByPC(pc)
}
`,
		Why: "hundreds of modules are searched, not walked",
	}, {
		File: "runtime/symtab.go", Find: `	off := uintptr(off32)
	res := md.text + off
`, After: `	if int32(off32) < 0 && md != &firstmoduledata {
		return md.text + uintptr(int32(off32)) // of an earlier module
	}
`,
		Why: "methods may be in the process or in an earlier module",
	}, {
		File: "runtime/type.go", Find: `	for md := &firstmoduledata; md != nil; md = md.next {
		if base >= md.types && base < md.etypes {
			res := md.types + uintptr(off)
			if res > md.etypes {
`, With: `	for md := liveByType(base); md != nil; md = md.next {
		if base >= md.types && base < md.etypes {
			res := md.types + uintptr(off)
			if res > md.etypes && md == &firstmoduledata {
`,
		Why: "names may be in a later module; modules are searched",
	}, {
		File: "runtime/type.go", Find: `	for next := &firstmoduledata; next != nil; next = next.next {
		if base >= next.types && base < next.etypes {
			md = next
			break
		}
	}
	if md == nil {
		reflectOffsLock()
		res := reflectOffs.m[int32(off)]
		reflectOffsUnlock()
		if res == nil {
			println("runtime: typeOff"`, With: `	for next := liveByType(base); next != nil; next = next.next {
		if base >= next.types && base < next.etypes {
			md = next
			break
		}
	}
	if md == nil {
		reflectOffsLock()
		res := reflectOffs.m[int32(off)]
		reflectOffsUnlock()
		if res == nil {
			println("runtime: typeOff"`,
		Why: "modules are searched",
	}, {
		File: "runtime/type.go", Find: `	if res > md.etypes {
		println("runtime: typeOff"`, With: `	if res > md.etypes && md == &firstmoduledata {
		println("runtime: typeOff"`,
		Why: "types may be in an earlier module",
	}, {
		File: "runtime/type.go", Find: `	for next := &firstmoduledata; next != nil; next = next.next {
		if base >= next.types && base < next.etypes {
			md = next
			break
		}
	}
	if md == nil {
		reflectOffsLock()
		res := reflectOffs.m[int32(off)]
		reflectOffsUnlock()
		if res == nil {
			println("runtime: textOff"`, With: `	for next := liveByType(base); next != nil; next = next.next {
		if base >= next.types && base < next.etypes {
			md = next
			break
		}
	}
	if md == nil {
		reflectOffsLock()
		res := reflectOffs.m[int32(off)]
		reflectOffsUnlock()
		if res == nil {
			println("runtime: textOff"`,
		Why: "modules are searched",
	},
	{
		File: "runtime/race.go", Find: `	// Use exact bounds for boundary check in racecalladdr. See issue 73483.
`, Before: `	end = max(end, liveCeiling) // modules come there, and shadow can be mapped but once
`,
		Why: "data of modules has shadow memory",
	}, {
		File: "runtime/race.go", Find: `			ctx.fn = &bytes(name)[0] // assume NUL-terminated
`, With: `			ctx.fn = liveRaceName(name)
`,
		Why: "a report says whose goroutine it is about",
	},
	// Method tables change.
	{
		File: "runtime/iface.go", Find: "func typeAssert(s *abi.TypeAssert, t *_type) *itab {\n", After: "\tepoch := liveEpoch\n",
		Why: "a result found before a refresh is not put into a cache after it",
	}, {
		File: "runtime/iface.go", Find: "func interfaceSwitch(s *abi.InterfaceSwitch, t *_type) (int, *itab) {\n", After: "\tepoch := liveEpoch\n",
		Why: "a result found before a refresh is not put into a cache after it",
	}, {
		File: "runtime/iface.go", Find: `	newC := buildTypeAssertCache(oldC, t, tab)

	// Update cache. Use compare-and-swap so if multiple threads
	// are fighting to update the cache, at least one of their
	// updates will stick.
	atomic_casPointer((*unsafe.Pointer)(unsafe.Pointer(&s.Cache)), unsafe.Pointer(oldC), unsafe.Pointer(newC))
`, With: `	newC := buildTypeAssertCache(oldC, t, tab)
	mp := acquirem()
	if liveNoteCache(unsafe.Pointer(&s.Cache), unsafe.Pointer(oldC), liveAssertCache, epoch) {
		atomic_casPointer((*unsafe.Pointer)(unsafe.Pointer(&s.Cache)), unsafe.Pointer(oldC), unsafe.Pointer(newC))
	}
	releasem(mp)
`,
		Why: "the refresh has to find all caches in use",
	}, {
		File: "runtime/iface.go", Find: `	newC := buildInterfaceSwitchCache(oldC, t, case_, tab)

	// Update cache. Use compare-and-swap so if multiple threads
	// are fighting to update the cache, at least one of their
	// updates will stick.
	atomic_casPointer((*unsafe.Pointer)(unsafe.Pointer(&s.Cache)), unsafe.Pointer(oldC), unsafe.Pointer(newC))
`, With: `	newC := buildInterfaceSwitchCache(oldC, t, case_, tab)
	mp := acquirem()
	if liveNoteCache(unsafe.Pointer(&s.Cache), unsafe.Pointer(oldC), liveSwitchCache, epoch) {
		atomic_casPointer((*unsafe.Pointer)(unsafe.Pointer(&s.Cache)), unsafe.Pointer(oldC), unsafe.Pointer(newC))
	}
	releasem(mp)
`,
		Why: "the refresh has to find all caches in use",
	}, {
		File: "runtime/iface.go", Find: `	m = (*itab)(persistentalloc(unsafe.Sizeof(itab{})+uintptr(len(inter.Methods)-1)*goarch.PtrSize, 0, &memstats.other_sys))`,
		With: `	m = (*itab)(liveAlloc(unsafe.Sizeof(itab{}) + uintptr(len(inter.Methods)-1)*goarch.PtrSize))`,
		Why:  "later modules refer to itabs with 32 bit",
	}, {
		File: "runtime/iface.go", Find: `	m.Hash = 0`, With: `	m.Hash = typ.Hash // not 0:`,
		Why: "later modules may use the itab in type switches",
	},
}

const fatalEnds = `	if liveEnds() {
		liveEnd(liveFatal, s)
	}
`

// reflectEdits let a method value remember how many methods its type had, so
// that its index survives methods added later.
var reflectEdits = []Edit{
	{
		File: "reflect/value.go", Find: `	fl |= flag(i)<<flagMethodShift | flagMethod
	return Value{v.typ(), v.ptr, fl}
`, With: `	n := 0
	if v.typ().Kind() != abi.Interface {
		n = len(v.typ().ExportedMethods())
	}
	fl |= flag(n<<liveIndexBits|i)<<flagMethodShift | flagMethod
	return Value{v.typ(), v.ptr, fl}
`,
		Why: "keep the number of methods beside the index",
	}, {
		File: "reflect/value.go", Find: `	i := methodIndex
	if v.typ().Kind() == abi.Interface {
`, With: `	i := liveMethodIndex(v.typ(), methodIndex)
	if v.typ().Kind() == abi.Interface {
`,
		Why: "translate a remembered index",
	}, {
		File: "reflect/value.go", Find: `	i := int(v.flag) >> flagMethodShift
`, With: `	i := liveMethodIndex(v.typ(), int(v.flag)>>flagMethodShift)
`,
		Why: "translate a remembered index",
	}, {
		File: "reflect/value.go", Find: `	return v.Method(m.Index)
`, With: `	r := v.Method(m.Index)
	if v.typ().Kind() != abi.Interface {
		if ms := v.typ().ExportedMethods(); m.Index >= len(ms) || nameOffFor(v.typ(), ms[m.Index].Name).Name() != name {
			return v.MethodByName(name) // a method was added meanwhile
		}
	}
	return r
`,
		Why: "the index is of the table that was searched",
	},
}

// osEdits hand what is written to the standard streams, and reads of standard
// input, to the worker.
var osEdits = []Edit{
	{
		File: "os/file.go", Find: `	n, e := f.read(b)
	return n, f.wrapErr("read", e)
}
`, Before: `	if liveRead != nil && f.liveInput() {
		return liveRead(b)
	}
`,
		Why: "standard input is asked from the front end",
	}, {
		File: "os/file.go", Find: `	n, e := f.write(b)
	if n < 0 {
`, Before: `	if f.liveOutput() {
		return liveWrite(f.pfd.Sysfd, b)
	}
`,
		Why: "output is attributed to the writing goroutine's cell",
	}, {
		File: "os/file.go", Find: `	n, handled, e := f.readFrom(r)
`, Before: `	if f.liveOutput() {
		return genericReadFrom(f, r)
	}
`,
		Why: "io.Copy to a standard stream goes through Write",
	}, {
		File: "os/file.go", Find: `	n, handled, e := f.writeTo(w)
`, Before: `	if liveRead != nil && f.liveInput() {
		return genericWriteTo(f, w)
	}
`,
		Why: "io.Copy from standard input goes through Read",
	},
}
