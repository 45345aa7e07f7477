package toolchain

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// Session is what is linked into one live worker: the symbols of its cells
// and the images it has loaded. Its methods may be called from several
// goroutines.
type Session struct {
	tools *Toolchain
	dir   string

	mu      sync.Mutex // guards what follows
	index   *index
	images  []*Image
	from    uint64            // images go no lower than this, if not 0
	failed  map[string]bool   // packages of images that were not initialised
	exports map[string]string // of the images' packages
	config  string            // importcfg of cells
	next    uint64            // where the next cell goes
	links   int
	entries entries
}

// Addresses. The worker's own code ends far below cellBase. Cells follow one
// another from there; images follow one another from imageBase, which is fixed
// so that an image can be kept; the runtime's own low memory grows down from
// 0x70000000.
const (
	cellBase  = 0x10000000
	imageBase = 0x40000000
	lowEnd    = 0x6c000000
	pageSize  = 4096
)

// NewSession starts the record of a worker that has just been started. Files
// go into dir, which must exist and last as long as the worker.
func (t *Toolchain) NewSession(dir string) (*Session, error) {
	s, err := t.newSession(dir)
	if err == nil {
		t.Warm()
	}
	return s, err
}

func (t *Toolchain) newSession(dir string) (*Session, error) {
	x, err := newIndex(filepath.Join(dir, "session.idx"), t.BuildID())
	if err != nil {
		return nil, err
	}
	s := &Session{tools: t, dir: dir, index: x, failed: map[string]bool{}, exports: map[string]string{}, next: cellBase, entries: entries{}, config: filepath.Join(dir, "importcfg")}
	os.Remove(s.made()) // of a worker that died
	if err := os.WriteFile(s.segments(), nil, 0o666); err != nil {
		return nil, fmt.Errorf("write the session's segments: %w", err)
	}
	return s, s.writeConfig()
}

func (s *Session) segments() string { return filepath.Join(s.dir, "session.seg") }

// made is the file of the descriptions of types made by reflection.
func (s *Session) made() string { return filepath.Join(s.dir, "made") }

func (s *Session) writeConfig() error {
	files := map[string]string{}
	for p, name := range s.tools.manifest.Exports {
		files[p] = s.tools.path(name)
	}
	maps.Copy(files, s.exports)
	return writeImportcfg(s.config, files)
}

// Close forgets the session. The files in its folder are the caller's to
// remove, after the worker has ended.
func (s *Session) Close() error { return nil }

// Has reports whether the worker has a package, of its own or by an image.
func (s *Session) Has(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.exports[path] != "" || s.tools.Has(path)
}

// Export is Toolchain.Export with the packages of the session's images, and of
// the one that Prebuild has made: the worker need not have them.
func (s *Session) Export(path string) (io.ReadCloser, error) {
	s.mu.Lock()
	file, ok := s.exports[path]
	s.mu.Unlock()
	if i := s.tools.ahead.Load(); !ok && i != nil {
		if name := i.desc.Exports[path]; name != "" {
			file, ok = i.path(name), true
		}
	}
	if ok {
		return os.Open(file)
	}
	return s.tools.Export(path)
}

// Packages is Toolchain.Packages with those of the session's images.
func (s *Session) Packages() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	paths := slices.Clone(s.tools.Packages())
	for p := range s.exports {
		if importable(p) {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// Compile compiles a file of package main. The error is a *CompileError when
// the compiler does not accept it, an *EmbedError when there is nothing to
// embed. It takes about 6 ms.
func (s *Session) Compile(ctx context.Context, c Compile) error {
	return s.tools.compileFile(ctx, c, s.config)
}

// Link says what to link.
type Link struct {
	Object string // made by Compile
	Entry  string // name of the function to run, as in "main.ʹcell7"
	// Moves says whether calls of the function of that name which lives are to
	// reach the one of the object: both must agree on arguments, results and
	// captured variables. Nil: none are.
	Moves func(name string) bool
	// Copies are variables that take over the values of others.
	Copies []Copy
}

// Linked is a cell that can be loaded into the worker.
type Linked struct {
	Module wire.Module
	// Types are the linker's names of the types that mention package main and
	// live with this cell for the first time, as in "type:*main.point".
	Types []string
	// Code lists the functions of package main that it brings.
	Code []Code

	link  Link
	delta []symbol
	// segments are for later links, which read the content of live types: the
	// format is that of liveCellSegments in overlay/.../ld/liveindex.go.txt.
	segments []byte
}

// LinkRefused is returned by Link when a session's type or variable is
// defined again and is not what it was. Loading the cell would let old and new
// code disagree about memory.
type LinkRefused struct {
	Refusals []Refusal
}

// Refusal names one definition that cannot be linked.
type Refusal struct {
	Kind   string // "type" or "variable"
	Name   string // as in "main.point", or "*main.point"
	Reason string // as in "its layout differs from the one that is live"
}

func (e *LinkRefused) Error() string {
	var lines []string
	for _, r := range e.Refusals {
		lines = append(lines, fmt.Sprintf("%s %s: %s", r.Kind, r.Name, r.Reason))
	}
	return strings.Join(lines, "; ")
}

// ErrFull is returned by Link when the addresses for cells are used up, after
// tens of thousands of them.
var ErrFull = errors.New("no room for another cell in this worker; restart it")

// Link links a compiled cell against the live worker, at the next free
// address. Nothing is recorded until Commit; a cell that is not committed
// leaves no trace. It takes about 2 ms.
func (s *Session) Link(ctx context.Context, l Link) (*Linked, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.linkAt(ctx, l)
}

func (s *Session) linkAt(ctx context.Context, l Link) (*Linked, error) {
	s.links++
	out := filepath.Join(s.dir, fmt.Sprintf("cell%d", s.links))
	delta := out + ".delta"
	defer os.Remove(delta)
	args := append(s.liveFlags(), "-o", out, "-live-segments", s.segments(), "-live-delta", delta, "-live-entry", l.Entry,
		"-T", fmt.Sprintf("%#x", s.next), "-s", "-w", "-importcfg", os.DevNull, l.Object)
	stdout, stderr, err := s.tools.link.run(ctx, args...)
	if err != nil {
		return nil, linkError(err, stderr)
	}
	b, err := os.ReadFile(delta)
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	r, err := parseResult(stdout)
	if err != nil {
		return nil, err
	}
	segments, err := cellSegments(r.lines, s.links)
	if err != nil {
		return nil, err
	}
	r.module.File, r.module.BuildID = out, s.tools.BuildID()
	if r.end() > imageBase {
		return nil, ErrFull
	}
	r.module.Moves = s.entries.moves(r.code, l.Moves)
	added := symbols(b)
	if r.module.Copies, err = s.copies(l.Copies, added); err != nil {
		return nil, err
	}
	return &Linked{Module: r.module, Types: r.types, Code: r.code, link: l, delta: added, segments: segments}, nil
}

// cellSegments makes records of what the linker says of a cell's segments.
func cellSegments(lines string, file int) (records []byte, err error) {
	for line := range strings.Lines(lines) {
		var addr, off, size uint64
		if _, err := fmt.Sscanf(line, "content %x %x %x", &addr, &off, &size); err != nil {
			return nil, fmt.Errorf("read the linker's answer %q: %w", line, err)
		}
		for _, v := range []uint64{addr, off, size, uint64(file)} {
			records = binary.LittleEndian.AppendUint64(records, v)
		}
	}
	return records, nil
}

// liveFlags name the indexes; the last one is searched first.
func (s *Session) liveFlags() []string {
	indexes := []string{s.tools.path("worker.idx")}
	for _, i := range s.images {
		indexes = append(indexes, i.path("index"))
	}
	return []string{"-live-index", strings.Join(append(indexes, s.index.name), "\n"), "-live-id", s.tools.BuildID()}
}

// linkError reads what the linker says when it does not link.
func linkError(err error, stderr string) error {
	lines := nonEmpty(stderr)
	refused := &LinkRefused{}
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(l, "live: refused: "); ok {
			f := strings.SplitN(rest, "\t", 3)
			if len(f) == 3 {
				refused.Refusals = append(refused.Refusals, Refusal{Kind: f[0], Name: f[1], Reason: f[2]})
			}
		}
	}
	if len(refused.Refusals) > 0 {
		return refused
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(lines) > 0 {
		return fmt.Errorf("link: %s", strings.Join(lines, "; "))
	}
	return fmt.Errorf("link: %w", withText(err, lines))
}

// Commit records that the worker has loaded a cell: later cells are linked
// against its symbols.
func (s *Session) Commit(l *Linked) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := os.OpenFile(s.segments(), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return fmt.Errorf("record the cell: %w", err)
	}
	_, err = f.Write(l.segments)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("record the cell: %w", err)
	}
	s.next = (result{module: l.Module}).end()
	s.entries.add(l.Code, l.Module.Moves)
	return s.index.add(l.delta)
}

// Variable is where a variable of a loaded cell is in the worker's memory, and
// the descriptor of its type. The symbol is as in "main.x".
func (s *Session) Variable(symbol string) (addr, typ uint64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if addr, ok = s.index.get(symbolHash(symbol)); ok {
		typ, ok = s.index.get(symbolHash("type of " + symbol))
	}
	return addr, typ, ok
}

// Relink links a cell again which the worker did not load because of
// conflicts: itabs which the program has made meanwhile are bound instead.
func (s *Session) Relink(ctx context.Context, l *Linked, conflicts []wire.Conflict) (*Linked, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.bindConflicts(l.delta, conflicts); err != nil {
		return nil, err
	}
	os.Remove(l.Module.File)
	return s.linkAt(ctx, l.link)
}

// stride is how far away another place for a module is looked for. What the
// process puts at low addresses itself, such as the heap of the C library under
// the race detector, is smaller.
const stride = 16 << 20

// Elsewhere links a cell again for other addresses, where the process has
// something of its own at those which the cell was linked for.
func (s *Session) Elsewhere(ctx context.Context, l *Linked) (*Linked, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next += stride
	os.Remove(l.Module.File)
	return s.linkAt(ctx, l.link)
}

// bindConflicts makes later links use itabs which the program has made at run
// time. defined are the symbols of what could not be loaded.
func (s *Session) bindConflicts(defined []symbol, conflicts []wire.Conflict) error {
	var live []symbol
	for _, c := range conflicts {
		n := len(live)
		for _, d := range defined {
			if d.value == c.New { // itself, and the record of a variable's type
				live = append(live, symbol{d.hash, c.Live})
			}
		}
		if len(live) == n {
			return fmt.Errorf("link again: the worker names an itab or type at %#x, which the module does not have", c.New)
		}
	}
	if err := s.addMade(conflicts); err != nil {
		return err
	}
	return s.index.add(live)
}

// addMade keeps the descriptions of types that the program has made, for the
// linker.
func (s *Session) addMade(conflicts []wire.Conflict) error {
	var b []byte
	for _, c := range conflicts {
		if len(c.Content) > 0 {
			b = binary.LittleEndian.AppendUint64(b, c.Live)
			b = binary.LittleEndian.AppendUint64(b, uint64(len(c.Content)))
			b = append(b, c.Content...)
		}
	}
	if len(b) == 0 {
		return nil
	}
	f, err := os.OpenFile(s.made(), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return fmt.Errorf("record types made by reflection: %w", err)
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}
