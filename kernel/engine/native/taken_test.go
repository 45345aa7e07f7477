package native_test

import "testing"

// The process may have something of its own where a cell or an image is to go:
// under the race detector the heap of the C library begins anywhere below 1 GB.
func TestAddressesThatAreTaken(t *testing.T) {
	n := open(t, t.TempDir())
	n.want(`// take maps size bytes at the first free address.
func take(addr, size uintptr) uintptr {
	const fixedNoReplace = 0x100000
	for {
		got, _, e := syscall.Syscall6(syscall.SYS_MMAP, addr, size, syscall.PROT_READ, syscall.MAP_PRIVATE|syscall.MAP_ANON|fixedNoReplace, ^uintptr(0), 0)
		if e == 0 {
			return got
		}
		addr += 4096
	}
}
type P struct{ n int }
func (p P) Get() int { return p.n }
p := P{7}
first := reflect.ValueOf(take).Pointer()
at := take(first&^4095, 4<<20)
fmt.Println(at > first, at < first+1<<20)`, "true true\n")
	n.want(`func (p P) Get() int { return 10 * p.n }
fmt.Println(p.Get(), reflect.ValueOf(P.Get).Pointer() > at+4<<20)`, "70 true\n")
	n.want("fmt.Println(take(0x40000000, 4<<20) == 0x40000000)", "true\n")
	n.want(`import "debug/plan9obj"
fmt.Println(plan9obj.Magic64 != 0, reflect.ValueOf(plan9obj.NewFile).Pointer() > 0x40000000+4<<20, p.Get())`, "true true 70\n")
	n.want(`import "debug/pe"
fmt.Println(pe.COFFSymbolSize)`, "18\n")
}

// Packages of which an initialiser panics leave the session as it is: others
// can be imported, and these again after %reset.
func TestInitialiserThatPanics(t *testing.T) {
	dir := t.TempDir()
	const bad = "package bad\n\nimport \"example.com/m/dep\"\n\nfunc Ready() int { return dep.N }\n"
	files(t, dir, map[string]string{
		"go.mod":       "module example.com/m\n\ngo 1.25\n",
		"bad/bad.go":   bad + "\nfunc init() { panic(\"boom\") }\n",
		"dep/dep.go":   "package dep\n\nvar N = 5\n",
		"good/good.go": "package good\n\nfunc Table() any { return map[[3]int8]bool{} }\n",
	})
	n := open(t, dir)
	n.want("x := 1\nfmt.Println(x)", "1\n")
	n.fails("import \"example.com/m/bad\"\nfmt.Println(bad.Ready())", "CompileError", "initialise packages: panic: boom")
	n.want("import \"example.com/m/good\"\n_, ok := good.Table().(map[[3]int8]bool)\nfmt.Println(ok, x)", "true 1\n")
	for _, name := range []string{"bad", "dep"} {
		n.fails("import \"example.com/m/"+name+"\"\nvar _ = "+name+".N", "CompileError", "%reset")
	}
	files(t, dir, map[string]string{"bad/bad.go": bad})
	if _, err := n.run(t.Context(), "%reset"); err != nil {
		t.Fatal(err)
	}
	n.want("import \"example.com/m/bad\"\nfmt.Println(bad.Ready())", "5\n")
}
