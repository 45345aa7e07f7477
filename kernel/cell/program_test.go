package cell_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestPrograms runs whole programs as cells and with go run: they must do the
// same.
func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/program/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			s, g := newScope(t)
			u, err := s.Compile(string(b), 1)
			if err != nil {
				t.Fatal(err)
			}
			if !u.Program {
				t.Error("not taken for a whole program")
			}
			if got, want := g.run(t, u), g.goRun(t, string(b)); got != want {
				t.Errorf("the cell writes\n%s\ngo run\n%s", got, want)
			}
		})
	}
}
