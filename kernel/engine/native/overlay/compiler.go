package overlay

// compilerEdits let a cell call functions of earlier cells, which it declares
// without their bodies, as if the bodies were there.
var compilerEdits = []Edit{
	{
		File: "cmd/compile/internal/escape/escape.go", Find: `			param.Note = b.paramTag(fn, 1+i, param)
		}
`, After: "\t\tliveNotes(fn)\n",
		Why: "keep what callers must know of a function; take it for one without a body",
	}, {
		File: "cmd/compile/internal/escape/escape.go", Find: "func Funcs(all []*ir.Func) {\n", After: "\tdefer liveFinish()\n",
		Why: "all functions of the object are known",
	},
}
