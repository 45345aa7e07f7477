package kernel_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

func history(t *testing.T, front *kerneltest.Front, c jupyter.HistoryRequest) []jupyter.HistoryEntry {
	t.Helper()
	reply := ask[jupyter.HistoryReply](t, front, c)
	if reply.Status != jupyter.OK || reply.History == nil {
		t.Errorf("history_reply is %+v", reply)
	}
	return reply.History
}

func inputs(entries []jupyter.HistoryEntry) string {
	var texts []string
	for _, e := range entries {
		texts = append(texts, e.Input)
	}
	return strings.Join(texts, "|")
}

func number(n int) *int { return &n }

// play executes cells that only have a result.
func play(front *kerneltest.Front, results ...string) {
	for i, text := range results {
		front.Execute("result "+text).Busy().Input("result "+text, i+1).Result(text).Idle().OK()
	}
}

func TestHistory(t *testing.T) {
	front := start(t)
	play(front, "a", "b", "a", "[c]", "a*")
	for _, test := range []struct {
		name string
		c    jupyter.HistoryRequest
		want string
	}{
		{"all", jupyter.HistoryRequest{Access: "tail"}, "result a|result b|result a|result [c]|result a*"},
		{"tail", jupyter.HistoryRequest{Access: "tail", N: number(2)}, "result [c]|result a*"},
		{"none", jupyter.HistoryRequest{Access: "tail", N: number(0)}, ""},
		{"negative", jupyter.HistoryRequest{Access: "tail", N: number(-3)}, ""},
		{"range", jupyter.HistoryRequest{Access: "range", Start: 2, Stop: number(4)}, "result b|result a"},
		{"open range", jupyter.HistoryRequest{Access: "range", Session: 1, Start: 4}, "result [c]|result a*"},
		{"other session", jupyter.HistoryRequest{Access: "range", Session: -1, Start: 1}, ""},
		{"exact", jupyter.HistoryRequest{Access: "search", Pattern: "result b"}, "result b"},
		{"part", jupyter.HistoryRequest{Access: "search", Pattern: "result"}, ""},
		{"star", jupyter.HistoryRequest{Access: "search", Pattern: "*a"}, "result a|result a"},
		{"unique", jupyter.HistoryRequest{Access: "search", Pattern: "*a", Unique: true}, "result a"},
		{"last", jupyter.HistoryRequest{Access: "search", Pattern: "*", N: number(1)}, "result a*"},
		{"question mark", jupyter.HistoryRequest{Access: "search", Pattern: "result ?"}, "result a|result b|result a"},
		{"set", jupyter.HistoryRequest{Access: "search", Pattern: "result [bx]"}, "result b"},
		{"other set", jupyter.HistoryRequest{Access: "search", Pattern: "result [^b]"}, "result a|result a"},
		{"literal star", jupyter.HistoryRequest{Access: "search", Pattern: "*[*]"}, "result a*"},
		{"literal bracket", jupyter.HistoryRequest{Access: "search", Pattern: "*[[]c]"}, "result [c]"},
		{"closing bracket", jupyter.HistoryRequest{Access: "search", Pattern: "*[]]"}, "result [c]"},
		{"open bracket", jupyter.HistoryRequest{Access: "search", Pattern: "result ["}, ""},
		{"no range", jupyter.HistoryRequest{Access: "search", Pattern: "result [z-a]"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := inputs(history(t, front, test.c)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestHistoryWithOutput(t *testing.T) {
	front := start(t)
	play(front, "a")
	front.Execute("x").Busy().Input("x", 2).Stdout("x\n").Idle().OK()
	want := []jupyter.HistoryEntry{
		{Session: 1, Count: 1, Input: "result a", Output: "a", WithOutput: true},
		{Session: 1, Count: 2, Input: "x", WithOutput: true},
	}
	if got := history(t, front, jupyter.HistoryRequest{Access: "tail", Output: true}); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	front := kerneltest.Start(t, kernel.Config{Engine: echo.New(), Limits: kernel.Limits{History: 200}})
	play(front, "1", "2", "3", "4")
	if got := inputs(history(t, front, jupyter.HistoryRequest{Access: "tail"})); got != "result 3|result 4" {
		t.Errorf("got %s, want the last two", got)
	}
}

func TestHistoryErrors(t *testing.T) {
	front := start(t)
	for want, c := range map[string]jupyter.HistoryRequest{
		`"all"`:      {Access: "all"},
		"5000 bytes": {Access: "search", Pattern: strings.Repeat("*", 5000)},
	} {
		got := ask[jupyter.HistoryReply](t, front, c)
		if got.Status != jupyter.Failed || !strings.Contains(got.EValue, want) {
			t.Errorf("reply is %+v, want %s", got, want)
		}
	}
}

// A pattern without special characters matches itself, and no pattern panics.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{"*a?", "[a-z]*", "[^]]", "[", "[z-a]", "ä[ö]", `\`, "[[:word:]]", "[a&&b]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		if len(text) > 300 {
			t.Skip("matching takes the product of both lengths")
		}
		matches := kernel.Matches(text, text)
		if !strings.ContainsAny(text, "*?[") && !matches {
			t.Errorf("%q does not match itself", text)
		}
		if !kernel.Matches("*", text) {
			t.Errorf("* does not match %q", text)
		}
	})
}
