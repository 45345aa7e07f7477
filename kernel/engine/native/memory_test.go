package native_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
)

// A cell takes a few pages of the worker's memory, also late in a session, and
// the same number when it calls what fifty earlier cells have declared.
func TestCellMemory(t *testing.T) {
	n := open(t, t.TempDir())
	n.want("x := 0\nfunc f0(n int) int { if n == 0 { return 1 }; return f0(n-1) + len(fmt.Sprint(n)) }", "")
	trivial := n.grows(t, "x++")
	const functions = 50
	for i := range functions {
		n.want(fmt.Sprintf("func f%d(n int) int { if n == 0 { return %d }; return f%d(n-1) + f%d(0) + len(fmt.Sprint(n)) }", i+1, i, i+1, i), "")
	}
	const most = 64 << 10
	if late := n.grows(t, "x++"); trivial > most || late > trivial {
		t.Errorf("x++ takes %d bytes, after %d cells %d; want at most %d and no more late than early", trivial, functions, late, most)
	}
	if calls := n.grows(t, fmt.Sprintf("x += f%d(2)", functions)); calls > most {
		t.Errorf("a call takes %d bytes, want at most %d", calls, most)
	}
}

// grows is by how much a cell makes the memory grow that is mapped for cells.
func (n *notebook) grows(t *testing.T, code string) int {
	t.Helper()
	before := n.mapped(t)
	n.want(code, "")
	return n.mapped(t) - before
}

// mapped is how many bytes are mapped at addresses of cells.
func (n *notebook) mapped(t *testing.T) (bytes int) {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/maps", n.eng.PIDs()[0]))
	if err != nil {
		t.Skipf("this system does not say what is mapped: %v", err)
	}
	defer f.Close()
	for l := bufio.NewScanner(f); l.Scan(); {
		var lo, hi uint64
		if _, err := fmt.Sscanf(l.Text(), "%x-%x", &lo, &hi); err != nil {
			t.Fatalf("%q: %v", l.Text(), err)
		}
		if lo >= 0x10000000 && hi < 0x40000000 && !strings.Contains(l.Text(), "[heap]") {
			bytes += int(hi - lo)
		}
	}
	return bytes
}
