package ansi_test

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/ansi"
)

func TestStrip(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                  "plain",
		"\x1b[1;31mred\x1b[0m \x1b[?25lx\x1b[2K": "red x",
		"\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b": "ab",
		"\x1bcA\x1b": "A",
	} {
		if got := ansi.Strip(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestHTML(t *testing.T) {
	for in, want := range map[string]string{
		"a < b & c":                       "a &lt; b &amp; c",
		"\x1b[31mred\x1b[m x":             `<span class="ansi-1">red</span> x`,
		"\x1b[1;92mok\x1b[22m k":          `<span class="ansi-bold ansi-10">ok</span><span class="ansi-10"> k</span>`,
		"\x1b[38;5;196mx":                 `<span style="color:#ff0000">x</span>`,
		"\x1b[48;2;1;2;300mx":             `<span style="background-color:#0102ff">x</span>`,
		"\x1b[38;5;9;4mx":                 `<span class="ansi-underline ansi-9">x</span>`,
		"\x1b[38;5;244mx":                 `<span style="color:#808080">x</span>`,
		"\x1b[7;40;107mx\x1b[27;49;39mfe": `<span class="ansi-inverse ansi-bg-15">x</span>fe`,
		"\x1b[38m<\x1b[999m>\x1b[;m":      "&lt;&gt;",
		"\x1b[2J\x1b]0;<b>\x07x":          "x",
		"\x1b[31m\x1b[0m":                 "",
	} {
		if got := ansi.HTML(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestFinal(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb\n":               "a\nb\n",
		"a\r\nb":               "a\nb",
		"10 %\r50 %\r100 %\nx": "100 %\nx",
		"done\r":               "done",
		"abc\b\bX":             "aX",
		"\b\b\ba":              "a",
		"\r\r":                 "",
	} {
		if got := ansi.Final(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzHTML(f *testing.F) {
	f.Add("\x1b[1;31m<script>\x1b[0m")
	f.Add("\x1b[38;2;1;2;3;48;5;300;m\"'")
	f.Fuzz(func(t *testing.T, s string) {
		got := ansi.HTML(ansi.Final(s))
		if strings.ContainsRune(got, 0x1b) {
			t.Errorf("an escape is left: %q", got)
		}
		bare := strings.NewReplacer("<span class=\"", "", "<span style=\"", "", "</span>", "").Replace(got)
		if strings.ContainsAny(bare, "<") {
			t.Errorf("not escaped: %q", got)
		}
	})
}
