package notebook_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
)

// full is a notebook as Jupyter writes it, with everything in it.
const full = `{
 "cells": [
  {
   "attachments": {
    "a.svg": {
     "image/png": "aGk=\n",
     "image/svg+xml": [
      "<svg>\n",
      "</svg>"
     ]
    }
   },
   "cell_type": "markdown",
   "id": "intro",
   "metadata": {},
   "source": [
    "# Title\n",
    "text <b> & \"quotes\" \\ é \u0001"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 3,
   "id": "a-1_B",
   "metadata": {
    "tags": [
     "parameters"
    ],
    "zoo": {
     "n": 1.50,
     "none": null
    }
   },
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "one\n",
      "two"
     ]
    },
    {
     "data": {
      "application/vnd.x+json": {
       "list": [
        "a\n",
        "b"
       ]
      },
      "text/plain": [
       "1"
      ]
     },
     "execution_count": 3,
     "metadata": {},
     "output_type": "execute_result"
    },
    {
     "ename": "E",
     "evalue": "v",
     "output_type": "error",
     "traceback": [
      "a\nb"
     ]
    }
   ],
   "source": []
  },
  {
   "cell_type": "raw",
   "id": "r",
   "metadata": {},
   "source": [
    "x"
   ],
   "unknown": true
  }
 ],
 "later": [],
 "metadata": {
  "kernelspec": {
   "display_name": "Go",
   "language": "go",
   "name": "go"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`

func TestUnchangedByReadingAndWriting(t *testing.T) {
	n := parse(t, full)
	if got := encode(t, n); got != full {
		t.Errorf("got %s\nwant %s", got, full)
	}
}

func TestFields(t *testing.T) {
	n := parse(t, full)
	if n.Title() != "" || n.Language() != "go" {
		t.Errorf("title %q, language %q", n.Title(), n.Language())
	}
	c := n.Cells[1]
	if !c.Tagged("parameters") || c.Tagged("other") || c.Count != 3 {
		t.Errorf("%+v", c)
	}
	if c.Outputs[0].Text != "one\ntwo" || c.Outputs[1].Data["text/plain"] != "1" {
		t.Errorf("outputs are not joined: %+v %+v", c.Outputs[0], c.Outputs[1])
	}
	list := c.Outputs[1].Data["application/vnd.x+json"].(map[string]any)["list"].([]any)
	if len(list) != 2 {
		t.Errorf("a JSON value was joined: %v", list)
	}
	if !reflect.DeepEqual(n.Cells[2].Extra, map[string]any{"unknown": true}) {
		t.Errorf("extra = %v", n.Cells[2].Extra)
	}
}

func TestTitle(t *testing.T) {
	n := parse(t, `{"nbformat":4,"nbformat_minor":5,"cells":[],"metadata":{"title":"A title"}}`)
	if n.Title() != "A title" {
		t.Errorf("%q", n.Title())
	}
}

func TestLanguage(t *testing.T) {
	for metadata, want := range map[string]string{
		`{}`:                                   "",
		`{"language_info":{"name":"Go"}}`:      "go",
		`{"kernelspec":{"language":"python"}}`: "python",
		`{"kernelspec":3}`:                     "",
	} {
		n := parse(t, `{"nbformat":4,"nbformat_minor":5,"cells":[],"metadata":`+metadata+`}`)
		if got := n.Language(); got != want {
			t.Errorf("%s: %q, want %q", metadata, got, want)
		}
	}
}

func TestOldNotebookGetsIDs(t *testing.T) {
	const old = `{"nbformat":4,"nbformat_minor":2,"metadata":{"orig_nbformat":2},"cells":[
		{"cell_type":"code","metadata":{"trusted":true},"source":"x","outputs":[],"execution_count":null},
		{"cell_type":"code","metadata":{},"source":"x","outputs":[],"execution_count":null,"id":"not valid!"},
		{"cell_type":"markdown","metadata":{},"source":["a\n","b"],"id":"same"},
		{"cell_type":"markdown","metadata":{},"source":"b","id":"same"}]}`
	n := parse(t, old)
	if n.Minor != 5 || len(n.Metadata) != 0 || len(n.Cells[0].Metadata) != 0 {
		t.Errorf("minor %d, metadata %v %v", n.Minor, n.Metadata, n.Cells[0].Metadata)
	}
	seen := map[string]bool{}
	for i, c := range n.Cells {
		if c.ID == "" || seen[c.ID] || strings.ContainsAny(c.ID, " !") {
			t.Errorf("cell %d has id %q", i, c.ID)
		}
		seen[c.ID] = true
	}
	if n.Cells[2].ID != "same" {
		t.Errorf("an id was changed to %q", n.Cells[2].ID)
	}
	if encode(t, n) != encode(t, parse(t, old)) {
		t.Error("ids differ from one reading to the next")
	}
}

func TestNewerMinorIsKept(t *testing.T) {
	n := parse(t, `{"nbformat":4,"nbformat_minor":9,"metadata":{},"cells":[{"cell_type":"film","metadata":{},"reel":1}]}`)
	got := encode(t, n)
	for _, want := range []string{`"nbformat_minor": 9`, `"reel": 1`, `"cell_type": "film"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
}

func TestNotANotebook(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "the file is empty"},
		{" \n", "the file is empty"},
		{"package main", "the file is not JSON: line 1: "},
		{"{\n\n\"a\":}", "the file is not JSON: line 3: "},
		{"{", "unexpected EOF"},
		{"\xff\xfe{}", "not UTF-8"},
		{"[]", "not an object"},
		{"{} {}", "text follows"},
		{"{}", "no nbformat field"},
		{`{"nbformat":"4"}`, `nbformat: want a whole number, got "4"`},
		{`{"nbformat":4,"nbformat_minor":-1}`, "nbformat_minor: want a whole number, got -1"},
		{`{"nbformat":3,"worksheets":[]}`, "jupyter nbconvert --to notebook --nbformat 4"},
		{`{"nbformat":5}`, "it has format 5"},
		{`{"nbformat":4,"metadata":[]}`, "metadata: want an object, got a list"},
		{`{"nbformat":4,"cells":{}}`, "cells: want a list, got an object"},
		{`{"nbformat":4,"cells":[1]}`, "cell 1: not an object"},
		{`{"nbformat":4,"cells":[{"cell_type":"x"}]}`, `cell 1: cell_type "x" is not`},
		{`{"nbformat":4,"cells":[{"cell_type":"raw","source":[1]}]}`, "cell 1: source: want a string or a list of strings, got a list"},
		{`{"nbformat":4,"cells":[{"cell_type":"raw","attachments":{"a":1}}]}`, "attachments: a is not an object"},
		{`{"nbformat":4,"cells":[{"cell_type":"code","execution_count":true}]}`, "execution_count: want a whole number, got true"},
		{`{"nbformat":4,"cells":[{"cell_type":"code","outputs":[null]}]}`, "output 1: not an object"},
		{`{"nbformat":4,"cells":[{"cell_type":"code","outputs":[{"output_type":"pyout"}]}]}`, `output_type "pyout" is not`},
		{`{"nbformat":4,"cells":[{"cell_type":"code","outputs":[{"output_type":"error","traceback":[1]}]}]}`, "traceback: want a list of strings"},
	} {
		_, err := notebook.Parse([]byte(c.in))
		if !errors.Is(err, notebook.ErrFormat) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.in, err, c.want)
		}
	}
}

func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "n.ipynb")
	if _, err := notebook.ReadFile(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("err = %v", err)
	}
	if err := os.WriteFile(path, []byte(full), 0o666); err != nil {
		t.Fatal(err)
	}
	n, err := notebook.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if encode(t, n) != full {
		t.Error("the notebook differs from its file")
	}
	n.Metadata["f"] = func() {}
	if _, err := n.Encode(); err == nil || !strings.Contains(err.Error(), "metadata: f: ") {
		t.Errorf("err = %v", err)
	}
}

func TestSet(t *testing.T) {
	m := map[string]any{"a": 1}
	notebook.Set(m, "x", "a", "b", "c")
	notebook.Set(m, "y", "d")
	want := map[string]any{"a": map[string]any{"b": map[string]any{"c": "x"}}, "d": "y"}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("%v", m)
	}
}

// TestRoundTrip writes and reads random notebooks: what is read is what was
// written.
func TestRoundTrip(t *testing.T) {
	for seed := range uint64(300) {
		n := random(rand.New(rand.NewPCG(seed, 1)))
		text := encode(t, n)
		again := parse(t, text)
		if !reflect.DeepEqual(n, again) {
			t.Fatalf("seed %d: read %#v\nwrote %#v", seed, again, n)
		}
		if encode(t, again) != text {
			t.Fatalf("seed %d: the second text differs", seed)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte(`{"nbformat":4,"cells":[{"cell_type":"code","source":["a"]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n, err := notebook.Parse(raw)
		if err != nil {
			return
		}
		text, err := n.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := notebook.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := again.Encode()
		if err != nil || !bytes.Equal(text, twice) {
			t.Errorf("%v\n%s\n%s", err, text, twice)
		}
	})
}

func parse(t *testing.T, s string) *notebook.Notebook {
	t.Helper()
	n, err := notebook.Parse([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func encode(t *testing.T, n *notebook.Notebook) string {
	t.Helper()
	raw, err := n.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestTooLarge(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large.ipynb")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(1<<29+1), f.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := notebook.ReadFile(name); !errors.Is(err, notebook.ErrFormat) || !strings.Contains(err.Error(), "512 MiB are too many") {
		t.Errorf("got %v", err)
	}
}
