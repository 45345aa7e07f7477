package result_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/stats"
)

// file is a result with these series of times.
func file(series map[string][]float64, names ...string) result.File {
	f, err := result.New("test.Result", "sorting", machine.Stamp{CPU: "Xeon", Cores: 4, GOMAXPROCS: 4, Go: "go1.26.8", OS: "linux", Arch: "amd64"}, map[string]int{"n": 7})
	if err != nil {
		panic(err)
	}
	f.Made = time.Date(2026, 11, 20, 13, 45, 0, 0, time.UTC)
	for _, name := range names {
		f.Series = append(f.Series, result.Series{Name: name, Unit: "ns", Better: result.Less, Values: series[name]})
	}
	return f
}

var (
	slow = []float64{30e6, 31e6, 29e6, 30.5e6, 32e6, 29.5e6, 31.5e6, 30.2e6}
	fast = []float64{10e6, 11e6, 9e6, 10.5e6, 12e6, 9.5e6, 11.5e6, 10.2e6}
)

func ExampleFile_Save() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "a.json")
	f, err := result.New("my.Result", "sorting", machine.Read(), map[string]int{"n": 7})
	fmt.Println(err, f.Save(path))
	back, err := result.Load(path)
	fmt.Println(back.Work, err)
	var detail map[string]int
	fmt.Println(back.Into("my.Result", &detail), detail)
	// Output:
	// <nil> <nil>
	// sorting <nil>
	// <nil> map[n:7]
}

func ExampleNew() {
	_, err := result.New("my.Result", "sorting", machine.Stamp{}, math.NaN())
	fmt.Println(err)
	// Output: encode my.Result: json: unsupported value: NaN
}

func ExampleLoad() {
	_, err := result.Load("no-such-file.json")
	fmt.Println(err)
	// Output: load result: open no-such-file.json: no such file or directory
}

func ExampleParse() {
	_, err := result.Parse([]byte(`{"schema": "something/else"}`))
	fmt.Println(err)
	// Output: schema "something/else"; want "interleave/result", as written by Save
}

func ExampleFile_Into() {
	f := result.File{Kind: "bench.Result"}
	fmt.Println(f.Into("load.Result", nil))
	// Output: the file holds a bench.Result; want a load.Result
}

// What interleave compare monday.json tuesday.json prints.
func ExampleCompare() {
	monday := file(map[string][]float64{"sort": slow, "search": slow}, "sort", "search")
	tuesday := file(map[string][]float64{"sort": fast, "search": slow}, "sort", "search")
	s, err := result.Compare(monday, tuesday)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s)
	// Output:
	// sorting: B against A
	//
	//               A             95 %        B             95 %  ratio           95 %  verdict
	// sort    30.4 ms  [29.5, 31.5] ms  10.3 ms  [9.47, 11.5] ms   2.93   [2.67, 3.18]  faster
	// search  30.4 ms  [29.5, 31.5] ms  30.4 ms  [29.5, 31.5] ms   1.00  [0.967, 1.03]  no difference shown
	//
	// ratio: how many times better B is; verdicts by the Mann-Whitney test, adjusted for 2 pairs (Holm)
	// A: 2026-11-20 13:45; Xeon, 4 cores, GOMAXPROCS 4, go1.26.8 linux/amd64
	// B: 2026-11-20 13:45; Xeon, 4 cores, GOMAXPROCS 4, go1.26.8 linux/amd64
}

func ExampleTable() {
	t := result.Table{
		Title: "sorting",
		Head:  []string{"case", "time"},
		Rows:  [][]string{{"quick", "1.5 ms"}, {"bubble", "240 ms"}},
		Notes: []string{"one run each"},
	}
	fmt.Println(t)
	// Output:
	// sorting
	//
	// case      time
	// quick   1.5 ms
	// bubble  240 ms
	//
	// one run each
}

func ExampleTable_HTML() {
	fmt.Println(result.Table{Head: []string{"n"}, Rows: [][]string{{"1"}}}.HTML())
	// Output: <table><thead><tr><th style="text-align:right;padding:0 .5em">n</th></tr></thead><tbody><tr><td style="text-align:right;padding:0 .5em">1</td></tr></tbody></table>
}

func ExampleShow() {
	d := result.Show(result.Table{Head: []string{"n"}, Rows: [][]string{{"1"}}}, result.File{Kind: "my.Result"}, nil)
	fmt.Println(d.Bundle[result.MIME].(result.File).Kind)
	// Output: my.Result
}

func ExampleNumber() {
	for _, x := range []float64{0, 3, 0.012345, 1234567, 2e15, math.Inf(1)} {
		fmt.Println(result.Number(x))
	}
	// Output:
	// 0
	// 3.00
	// 0.0123
	// 1230000
	// 2e+15
	// ∞
}

func ExampleNanoseconds() {
	fmt.Println(result.Nanoseconds(2.5), result.Nanoseconds(1500), result.Nanoseconds(2e9))
	// Output: 2.50 ns 1.50 µs 2.00 s
}

func ExampleTime() {
	fmt.Println(result.Time(90 * time.Second))
	// Output: 90.0 s
}

func ExampleQuantity() {
	fmt.Println(result.Quantity(1500, "ns"), result.Quantity(1500, "1/s"), result.Quantity(2e6, "1/s"), result.Quantity(3, "MB"))
	// Output: 1.50 µs 1500 1/s 2.00 M/s 3.00 MB
}

func ExampleInterval() {
	fmt.Println(result.Interval(stats.Estimate{Value: 1e6, Lo: 0.9e6, Hi: 1.2e6}, "ns"), result.Interval(stats.Exactly(1), "ns"))
	// Output: [0.900, 1.20] ms –
}

func ExamplePercent() {
	fmt.Println(result.Percent(0.123))
	// Output: 12.3 %
}

func TestLoadRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.json")
	for text, want := range map[string]string{
		"":                               "unexpected end of JSON input",
		`{}`:                             `schema ""; want "interleave/result", as written by Save`,
		`{"schema":"interleave/result"}`: "version 0; this program reads up to 1",
		`{"schema":"interleave/result","version":9}`:                                         "version 9; this program reads up to 1",
		`{"schema":"interleave/result","version":1,"series":[{"name":"a","values":[1,-2]}]}`: `series "a": value 2 is -2; want 0 or more`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := result.Load(path); err == nil || !strings.HasSuffix(err.Error(), want) || !strings.Contains(err.Error(), "x.json") {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// A file that cannot be written leaves neither itself nor anything else.
func TestSaveWhole(t *testing.T) {
	dir := t.TempDir()
	f := file(nil)
	f.Series = []result.Series{{Name: "a", Values: []float64{math.NaN()}}}
	if err := f.Save(filepath.Join(dir, "a.json")); err == nil {
		t.Error("a value that is no number was saved")
	}
	if err := file(nil).Save(filepath.Join(dir, "none", "a.json")); err == nil {
		t.Error("saved into a folder that is not there")
	}
	if err := file(nil).Save(dir); err == nil {
		t.Error("saved in place of a folder")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestCompareMore(t *testing.T) {
	a := file(map[string][]float64{"x": slow, "zero": {0, 0}, "few": {1, 2, 3}, "gone": slow}, "x", "zero", "few", "gone")
	b := file(map[string][]float64{"x": fast, "zero": {0, 1}, "few": {9, 9, 9}, "new": fast}, "x", "zero", "few", "new")
	a.Partial, b.Disturbed, b.Rounds, b.Seed, b.Work = "interrupted after 3 of 10 rounds", 2, 8, 5, "merging"
	b.Parts = []string{"miniredis"}
	s, err := result.Compare(a, b)
	if err != nil {
		t.Fatal(err)
	}
	text := s.String()
	for _, want := range []string{
		"only in A: gone", "only in B: new", "! zero: no ratio, since there are no values or some are zero",
		"! few: 3 rounds; want at least 6 for an interval", "! A is partial: interrupted after 3 of 10 rounds",
		"! B: 2 of 8 rounds were disturbed", "! the seeds differ: 0 and 5", `! the work is not the same: "sorting" and "merging"`,
		`! the parts differ: [] and ["miniredis"]`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if s.Pairs[0].Verdict != stats.Faster || s.Pairs[1].Verdict != stats.NoDifference || s.Pairs[2].Verdict != stats.NoDifference {
		t.Errorf("verdicts %v", s.Pairs)
	}
	if d := display.Of(s); !strings.Contains(d.Bundle["text/html"].(string), "only in A: gone") {
		t.Errorf("bundle %v", d.Bundle)
	}
}

// More throughput is better, less time is.
func TestBetter(t *testing.T) {
	a, b := file(map[string][]float64{"x": slow}, "x"), file(map[string][]float64{"x": fast}, "x")
	a.Series[0].Better, b.Series[0].Better = result.More, result.More
	s, err := result.Compare(a, b)
	if err != nil || s.Pairs[0].Verdict != stats.Slower || s.Pairs[0].Ratio.Value > 0.5 {
		t.Errorf("%v, %v", s.Pairs, err)
	}
}

func TestCompareRefuses(t *testing.T) {
	a := file(map[string][]float64{"x": slow}, "x")
	kind, unit, name := a, file(map[string][]float64{"x": slow}, "x"), file(map[string][]float64{"y": slow}, "y")
	kind.Kind = "load.Result"
	unit.Series[0].Unit = "1/s"
	for want, b := range map[string]result.File{
		"compare results: one is a test.Result and one a load.Result; want two of a kind": kind,
		`compare results: series "x" is in "ns" on one side and in "1/s" on the other`:    unit,
		"compare results: they have no series in common":                                  name,
	} {
		if _, err := result.Compare(a, b); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestShowWithoutFile(t *testing.T) {
	d := result.Show(result.Table{Head: []string{"n"}}, result.File{}, os.ErrInvalid)
	if _, ok := d.Bundle[result.MIME]; ok || !strings.Contains(d.Bundle["text/plain"].(string), "The raw values are not kept: invalid argument") {
		t.Errorf("bundle %v", d.Bundle)
	}
}

func TestTableOddRows(t *testing.T) {
	got := result.Table{Head: []string{"a", "b", "c"}, Rows: [][]string{{"x"}, {"y", "-1", "∞"}, {"z", result.None, "2"}}}.String()
	const want = "a   b  c\nx\ny  -1  ∞\nz   –  2"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// sides is a comparison for the examples below.
func sides() result.Sides {
	s, err := result.Compare(file(map[string][]float64{"sort": slow}, "sort"), file(map[string][]float64{"sort": fast}, "sort"))
	if err != nil {
		panic(err)
	}
	return s
}

func ExampleSides_Table() {
	fmt.Println(sides().Table().Rows[0])
	// Output: [sort 30.4 ms [29.5, 31.5] ms 10.3 ms [9.47, 11.5] ms 2.93 [2.67, 3.18] faster]
}

func ExampleSides_String() {
	title, _, _ := strings.Cut(sides().String(), "\n")
	fmt.Println(title)
	// Output: sorting: B against A
}

func ExampleSides_Display() {
	fmt.Println(strings.Contains(display.Of(sides()).Bundle["text/html"].(string), "faster"))
	// Output: true
}

func ExampleTable_String() {
	fmt.Println(result.Table{Head: []string{"n", "square"}, Rows: [][]string{{"1", "1"}, {"12", "144"}}})
	// Output:
	//  n  square
	//  1       1
	// 12     144
}

func ExampleTable_Display() {
	d := display.Of(result.Table{Head: []string{"n"}, Rows: [][]string{{"1"}}})
	fmt.Printf("%q\n", d.Bundle["text/plain"])
	// Output: "n\n1"
}

// Whatever a file holds, reading and comparing it must not panic.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"schema":"interleave/result","version":1,"series":[{"name":"a","values":[1,2,3,4,5,6]},{"name":"a","values":[]}]}`))
	f.Add([]byte(`{"schema":"interleave/result","version":1,"series":[{"name":"a","unit":"ns","better":"more","values":[0,1e308]}]}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		parsed, err := result.Parse(text)
		if err != nil {
			return
		}
		if s, err := result.Compare(parsed, parsed); err == nil {
			_ = s.String()
			s.Table().HTML()
		}
	})
}

// days is a result of a kind of its own.
type days struct{ Times []float64 }

func (d days) File() (result.File, error) {
	f, err := result.New("example.days", "commute", machine.Stamp{}, d)
	f.Series = []result.Series{{Name: "by bike", Unit: "ns", Better: result.Less, Values: d.Times}}
	return f, err
}

func (d *days) check() error {
	if len(d.Times) == 0 {
		return errors.New("no days")
	}
	return nil
}

func ExampleSave() {
	err := result.Save(days{[]float64{1.2e12, 1.3e12}}, filepath.Join(os.TempDir(), "no such folder", "commute.json"))
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	// Output: true
}

func ExampleLoadAs() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "commute.json")
	for _, d := range []days{{[]float64{1.2e12, 1.3e12}}, {}} {
		if err := result.Save(d, file); err != nil {
			fmt.Println(err)
		}
		back, err := result.LoadAs(file, "example.days", (*days).check)
		fmt.Println(len(back.Times), strings.HasSuffix(fmt.Sprint(err), "commute.json: no days"))
	}
	// Output:
	// 2 false
	// 0 true
}
