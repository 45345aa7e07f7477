package kernel_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

// streams takes all text up to idle.
func streams(r *kerneltest.Request) (text string, messages int) {
	for {
		m := r.Next()
		if m.Header.Type == "status" {
			return text, messages
		}
		c, err := jupyter.Read[jupyter.Stream](m)
		if err != nil || m.Header.Type != c.Type() {
			return text + fmt.Sprintf("[%s %s]", m.Header.Type, m.Content), messages
		}
		text += c.Text
		messages++
	}
}

func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "line %d\n", i)
	}
	return b.String()
}

func TestTextIsBatched(t *testing.T) {
	front := start(t)
	r := front.Execute("flood 100000").Busy().Input("flood 100000", 1)
	text, messages := streams(r)
	if text != lines(100000) {
		t.Errorf("got %d bytes, want %d", len(text), len(lines(100000)))
	}
	if messages > 10000 {
		t.Errorf("100000 lines came in %d messages", messages)
	}
	r.OK()
}

func TestFloodGoesToAFile(t *testing.T) {
	dir := t.TempDir()
	front := kerneltest.Start(t, kernel.Config{
		Engine: echo.New(), TempDir: dir, Limits: kernel.Limits{Stream: 1000},
	})
	r := front.Execute("flood 50000\neprint e").Busy().Input("flood 50000\neprint e", 1)
	text, _ := streams(r)
	r.OK()
	shown, rest, cut := strings.Cut(text, "\n\n[output over 1000 bytes goes to ")
	path, rest, _ := strings.Cut(rest, "]\n")
	if !cut || len(shown) > 1000 || filepath.Dir(filepath.Dir(path)) != dir {
		t.Fatalf("%d bytes were shown, then %q", len(shown), rest)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if shown+"\n"+string(file) != lines(50000) {
		t.Errorf("%d bytes shown and %d in the file are not the %d written", len(shown), len(file), len(lines(50000)))
	}
	want := fmt.Sprintf(`^e\n\[[0-9.]+ kB more, %d lines, in %s\]\n$`, strings.Count(string(file), "\n"), regexp.QuoteMeta(path))
	if !regexp.MustCompile(want).MatchString(rest) {
		t.Errorf("the end is %q, want %s", rest, want)
	}
}

func TestFileOfAFloodIsBounded(t *testing.T) {
	dir := t.TempDir()
	front := kerneltest.Start(t, kernel.Config{
		Engine: echo.New(), TempDir: dir, Limits: kernel.Limits{Stream: 10, File: 2048},
	})
	r := front.Execute("flood 1000").Busy().Input("flood 1000", 1)
	text, _ := streams(r)
	r.OK()
	if !strings.Contains(text, "[2.0 kB more, ") || !strings.HasSuffix(text, " more are lost: the file is full at 2.0 kB]\n") {
		t.Errorf("the end is %q", text)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files are %v, %v", files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Size() != 2048 {
		t.Errorf("the file: %v, %v; want 2048 bytes", info, err)
	}
}

func TestFloodWithoutAFile(t *testing.T) {
	front := kerneltest.Start(t, kernel.Config{
		Engine: echo.New(), TempDir: filepath.Join(t.TempDir(), "none"), Limits: kernel.Limits{Stream: 10},
	})
	r := front.Execute("flood 1000").Busy().Input("flood 1000", 1)
	text, _ := streams(r)
	r.OK()
	if !strings.Contains(text, "[output over 10 bytes is lost: ") {
		t.Errorf("got %q", text)
	}
}

// A cell that clears its output as it goes on shows little, however long it
// runs.
func TestClearedOutputDoesNotCount(t *testing.T) {
	front := kerneltest.Start(t, kernel.Config{Engine: echo.New(), Limits: kernel.Limits{Stream: 100}})
	r := front.Execute(strings.TrimSuffix(strings.Repeat("flood 5\nclear\n", 50), "\n"))
	r.Busy()
	kerneltest.Published[jupyter.ExecuteInput](r)
	for range 50 {
		r.Stdout(lines(5)).Clear(false)
	}
	r.Idle().OK()
}

// Text may come in pieces that end within a character, also where text of the
// other stream comes between them. What is no text at all is shown as such.
func TestCharactersAreNotCut(t *testing.T) {
	e := pieces{echo.New(), []piece{
		{engine.Stdout, "\xe4"}, {engine.Stdout, "\xbd"}, {engine.Stdout, "\xa0\xe5"},
		{engine.Stderr, "\xe4\xbd"}, {engine.Stdout, "\xa5\xbd"}, {engine.Stderr, "\xa0"},
		{engine.Stdout, "\xff!\xe5"},
	}}
	front := kerneltest.Start(t, kernel.Config{Engine: e})
	front.Execute("x").Busy().Input("x", 1).
		Stdout("你好").Stderr("你").Stdout("\ufffd!\ufffd").Idle().OK()
}

// A cell that writes to both streams in turn keeps their order, until it does
// so too often.
func TestTakingTurns(t *testing.T) {
	front := start(t)
	front.Execute("zigzag 5").Busy().Input("zigzag 5", 1).
		Stdout("out 0\n").Stderr("err 0\n").Stdout("out 1\n").Stderr("err 1\n").
		Stdout("out 2\n").Stderr("err 2\n").Stdout("out 3\n").Stderr("err 3\n").
		Stdout("out 4\n").Stderr("err 4\n").Idle().OK()

	r := front.Execute("zigzag 20000").Busy().Input("zigzag 20000", 2)
	texts := map[string]string{}
	messages := 0
	for m := r.Next(); m.Header.Type == "stream"; m = r.Next() {
		c, err := jupyter.Read[jupyter.Stream](m)
		if err != nil {
			t.Fatal(err)
		}
		texts[c.Name] += c.Text
		messages++
	}
	r.OK()
	for name, text := range texts {
		if want := strings.ReplaceAll(lines(20000), "line", name[3:]); text != want {
			t.Errorf("%s has %d bytes, want %d in order", name, len(text), len(want))
		}
	}
	if len(texts) != 2 || messages > 20000 {
		t.Errorf("40000 lines on %d streams came in %d messages", len(texts), messages)
	}
}

func TestWhatCannotBeEncodedIsTold(t *testing.T) {
	e := nan{echo.New()}
	front := kerneltest.Start(t, kernel.Config{Engine: e})
	front.Execute("x").Busy().Input("x", 1).
		Stderr("show application/json: json: unsupported value: NaN\n").
		Stderr("show metadata \"m\": panic: help\n").Display("text/plain", "NaN").
		Stderr("show text/plain: panic: help\n").
		Idle().OK()
}

func TestBytesInBundles(t *testing.T) {
	front := kerneltest.Start(t, kernel.Config{Engine: binary{echo.New()}})
	r := front.Execute("x").Busy().Input("x", 1)
	got := kerneltest.Published[jupyter.DisplayData](r).Data
	for mime, want := range map[string]string{
		"image/png":        `"AP8="`,
		"image/svg+xml":    `"<svg>"`,
		"application/json": `{"a":1}`,
		"text/html":        `"<b>"`,
	} {
		if string(got[mime]) != want {
			t.Errorf("%s is %s, want %s", mime, got[mime], want)
		}
	}
	r.Idle().OK()
}

func TestUpdatesOfADisplayAreThinnedOut(t *testing.T) {
	front := start(t)
	const code = "named a 0\nnamed b 0\nturn 20000 a b\nprint end"
	r := front.Execute(code).Busy().Input(code, 1).Display("text/plain", "0").Display("text/plain", "0")
	last := map[string]string{}
	updates := 0
	for {
		m := r.Next()
		if m.Header.Type == "stream" {
			break
		}
		c, err := jupyter.Read[jupyter.UpdateDisplayData](m)
		if err != nil {
			t.Fatal(err)
		}
		last[c.Transient.DisplayID] = kerneltest.Text(c.Data, "text/plain")
		updates++
	}
	r.Idle().OK()
	if last["a"] != "19999" || last["b"] != "19999" {
		t.Errorf("the last updates are %v, want 19999", last)
	}
	if updates > 20000 {
		t.Errorf("40000 updates came in %d messages", updates)
	}
}
