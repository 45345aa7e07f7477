package overlay

// surviveEdits hook live_look.go and live_print.go into package runtime, and
// give programs which cells start pipes of their own.
var surviveEdits = []Edit{
	{
		File: "runtime/print.go", Find: "func printlock() {\n", After: "\tif livePrintlock() {\n\t\treturn\n\t}\n",
		Why: "println of a goroutine belongs to its cell",
	}, {
		File: "runtime/print.go", Find: "func printunlock() {\n", After: "\tif livePrintunlock() {\n\t\treturn\n\t}\n",
		Why: "println of a goroutine belongs to its cell",
	}, {
		File: "runtime/print.go", Find: "\trecordForPanic(b)\n\tgp := getg()\n", Before: `	if getg().livePrinting > 0 {
		livePrinted(noescape(unsafe.Pointer(&b[0])), len(b))
		return
	}
`,
		Why: "println of a goroutine belongs to its cell",
	}, {
		File: "runtime/runtime2.go", Find: `	labels          unsafe.Pointer // profiler labels
`, Before: `	livePrint       []byte         // what a print statement has produced so far
	livePrinting    int32          // depth of print statements whose text is gathered
`,
		Why: "println of a goroutine belongs to its cell",
	}, {
		File: "runtime/proc.go", Find: `	gp.labels = nil
`, Before: `	gp.livePrint = nil
	gp.livePrinting = 0
`,
		Why: "a goroutine descriptor is used again",
	}, {
		File: "runtime/malloc.go", Find: "func mallocgcLarge(size uintptr, typ *_type, needzero bool) (unsafe.Pointer, uintptr) {\n", After: `	if size >= liveLarge {
		liveAllocates(size)
	}
`,
		Why: "memory that cannot be had ends the goroutine that asks for it",
	}, {
		File: "runtime/mgc.go", Find: "// gcWaitOnMark blocks until GC finishes the Nth mark phase.", Before: `func init() { liveLeakGC, liveLeakStatus = goroutineLeakGC, _Gleaked }

`,
		Why:   "goroutines that wait for good are found by the collector",
		Since: "go1.26",
	}, {
		File: "runtime/runtime2.go", Find: "// sudog (pseudo-g) represents a g in a wait list", Before: `func liveChanOf(s *sudog) *hchan { return s.c.get() }

func liveElemOf(s *sudog) uintptr { return s.elem.uintptr() }

`,
		Why:   "what a goroutine waits for",
		Since: "go1.26",
	}, {
		File: "runtime/runtime2.go", Find: "// sudog (pseudo-g) represents a g in a wait list", Before: `func liveChanOf(s *sudog) *hchan { return s.c }

func liveElemOf(s *sudog) uintptr { return uintptr(s.elem) }

`,
		Why:   "what a goroutine waits for",
		Until: "go1.26",
	},
	{
		File: "os/exec_posix.go", Find: "	for _, f := range attr.Files {\n		sysattr.Files", With: `	liveFiles, liveStarted := liveInherit(attr.Files)
	for _, f := range liveFiles {
		sysattr.Files`,
		Why: "a program which a cell starts writes under that cell",
	}, {
		File: "os/exec_posix.go", Find: "	pid, h, e := syscall.StartProcess(name, argv, sysattr)\n", After: "	liveStarted()\n",
		Why: "a program which a cell starts writes under that cell",
	},
}
