// Package result is what the results of all measuring libraries have in
// common: how they are written to files and set side by side, and how they
// show themselves.
//
// A File holds a result with everything that is needed to judge it later: raw
// values, the machine, the seed, and whether the measurement was cut short.
// Its series are all that Compare looks at, so that results of kinds that did
// not exist when a program was built can still be compared.
package result

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/interleave-lab/interleave/lib/machine"
)

// Schema and Version name the format of a File. A reader takes files of its
// own version and older ones.
const (
	Schema  = "interleave/result"
	Version = 1
)

// MIME is the type under which a File travels in an output of a notebook.
const MIME = "application/vnd.interleave.result.v1+json"

// File is a result as it is stored.
type File struct {
	Schema  string        `json:"schema"`
	Version int           `json:"version"`
	Kind    string        `json:"kind"` // "bench.Result"
	Work    string        `json:"work"` // what was measured, in a few words
	Made    time.Time     `json:"made"`
	Machine machine.Stamp `json:"machine"`
	// LoadAfter is the load average when the measurement ended; that at its
	// beginning stands in Machine.
	LoadAfter float64 `json:"load_after,omitempty"`
	Seed      uint64  `json:"seed"`
	// Partial says why the measurement ended early; empty when it did not.
	Partial string `json:"partial,omitempty"`
	// Parts labels what took the place of a real component: "miniredis".
	Parts []string `json:"parts,omitempty"`
	// Rounds were measured, of which Disturbed were disturbed.
	Rounds    int      `json:"rounds"`
	Disturbed int      `json:"disturbed"`
	Series    []Series `json:"series"`
	// Detail is the result as its own library knows it.
	Detail json.RawMessage `json:"detail,omitempty"`
}

// Series is one measured quantity: a value for each round, in order.
type Series struct {
	Name   string    `json:"name"`
	Unit   string    `json:"unit"` // "ns", "1/s"
	Better Better    `json:"better"`
	Values []float64 `json:"values"`
}

// Better says which values are the good ones.
type Better string

// A time is better when it is less, a throughput when it is more.
const (
	Less Better = "less"
	More Better = "more"
)

// New starts a file: kind, work, time and machine, with the detail to keep.
func New(kind, work string, stamp machine.Stamp, detail any) (File, error) {
	raw, err := json.Marshal(detail)
	if err != nil {
		return File{}, fmt.Errorf("encode %s: %w", kind, err)
	}
	return File{Schema: Schema, Version: Version, Kind: kind, Work: work, Made: time.Now().UTC().Round(time.Second), Machine: stamp, Detail: raw}, nil
}

// Save writes the file as JSON on one line, whole or not at all.
func (f File) Save(path string) error {
	b, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".result-*")
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	_, err = temp.Write(append(b, '\n'))
	if err = errors.Join(err, temp.Chmod(0o644), temp.Close()); err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		os.Remove(temp.Name())
		return fmt.Errorf("save %s: %w", path, err)
	}
	return nil
}

// A Filer is a result that can be kept as a File.
type Filer interface {
	File() (File, error)
}

// Save writes a result to a file, for LoadAs and for interleave compare.
func Save(r Filer, path string) error {
	f, err := r.File()
	if err != nil {
		return err
	}
	return f.Save(path)
}

// LoadAs reads a result of a kind that Save wrote. What check finds missing in
// it is an error; it may also work out what is not kept.
func LoadAs[T any](path, kind string, check func(*T) error) (T, error) {
	var r, none T
	f, err := Load(path)
	if err != nil {
		return none, err
	}
	if err = f.Into(kind, &r); err == nil {
		err = check(&r)
	}
	if err != nil {
		return none, fmt.Errorf("load %s: %w", path, err)
	}
	return r, nil
}

// Load reads a file that Save wrote. It returns an error for a file of another
// format, of a newer version, or with values that no measurement gives.
func Load(path string) (File, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return File{}, fmt.Errorf("load result: %w", err)
	}
	f, err := Parse(b)
	if err != nil {
		return File{}, fmt.Errorf("load %s: %w", path, err)
	}
	return f, nil
}

// Parse reads the content of a file, or of an output of type MIME in a
// notebook. It returns an error as Load does.
func Parse(content []byte) (File, error) {
	var f File
	if err := json.Unmarshal(content, &f); err != nil {
		return File{}, err
	}
	return f, f.check()
}

func (f File) check() error {
	switch {
	case f.Schema != Schema:
		return fmt.Errorf("schema %q; want %q, as written by Save", f.Schema, Schema)
	case f.Version < 1 || f.Version > Version:
		return fmt.Errorf("version %d; this program reads up to %d", f.Version, Version)
	}
	for _, s := range f.Series {
		for i, v := range s.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
				return fmt.Errorf("series %q: value %d is %v; want 0 or more", s.Name, i+1, v)
			}
		}
	}
	return nil
}

// Into decodes the detail of a file of a certain kind.
func (f File) Into(kind string, detail any) error {
	if f.Kind != kind {
		return fmt.Errorf("the file holds a %s; want a %s", f.Kind, kind)
	}
	if err := json.Unmarshal(f.Detail, detail); err != nil {
		return fmt.Errorf("decode %s: %w", kind, err)
	}
	return nil
}
