package toolchain_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

func TestEmbed(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.txt": "text of a", "data/one.csv": "1", "data/two.csv": "2", "data/.hidden": "h", "data/_draft": "d",
		"data/mod/go.mod": "module m", "data/mod/x.csv": "x", "empty/.keep": "", "all/.x": "x", ".git/config": "c",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	l := startLive(t)
	l.embedDir = dir
	l.embeds = []string{"a.txt", "data", "data/*.csv", "all:all"}
	l.want("text of a [.x one.csv two.csv] 1\n", "fmt embed io/fs", `//go:embed a.txt
var a string

//go:embed data
//go:embed all:all
var files embed.FS

//go:embed data/*.csv
var tables embed.FS`, `names := []string{}
fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error { if !d.IsDir() { names = append(names, d.Name()) }; return nil })
one, _ := tables.ReadFile("data/one.csv")
fmt.Println(a, names, string(one))`)
	for pattern, want := range map[string]string{
		"nope.txt": "pattern nope.txt: no matching files found",
		"../up":    "pattern ../up: invalid pattern syntax",
		"[":        "pattern [: invalid pattern syntax",
		"empty":    "pattern empty: cannot embed directory empty: contains no embeddable files",
		".git":     "pattern .git: cannot embed .git: invalid name",
	} {
		l.embeds = []string{pattern}
		_, _, err := l.try("", "", "")
		var ee *toolchain.EmbedError
		if !errors.As(err, &ee) || err.Error() != want {
			t.Errorf("%s: %v, want %s", pattern, err, want)
		}
	}
}
