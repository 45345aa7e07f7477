package native

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// session is one live worker and what is linked into it. Its fields do not
// change: another worker is another session, which may know the same names.
type session struct {
	tools  *toolchain.Toolchain
	dir    folder // of the files that are compiled and mapped
	link   *toolchain.Session
	worker *worker.Worker
	known  *known
	mods   *modules
}

// known is what the notebook has declared so far. It outlives a worker that
// died.
type known struct {
	mu    sync.Mutex // guards scope: completion goes on while a cell runs
	scope *cell.Scope
	link  atomic.Pointer[toolchain.Session] // of the live worker, for export data
	docs  docs
}

func newKnown(tools *toolchain.Toolchain, mods *modules) *known {
	k := &known{}
	export := func(path string) (io.ReadCloser, error) { return k.link.Load().Export(path) }
	ps := newPackages(tools.Packages())
	k.scope = cell.NewScope(cell.Config{
		Importer: newImporter(tools.GoVersion(), export), GoVersion: language(tools.GoVersion()),
		Packages: func(name string) []string { return slices.Concat(ps[name], mods.nearby.named(name)) },
		Names:    func() []string { return slices.Concat(ps.names(), mods.nearby.names()) },
	})
	return k
}

// newSession starts a worker; nothing is declared yet.
func newSession(ctx context.Context, tools *toolchain.Toolchain, cfg Config, out *outputs) (*session, error) {
	dir, err := newFolder()
	if err != nil {
		return nil, err
	}
	s, err := start(ctx, tools, dir, newKnown(tools, cfg.modules), cfg, out)
	if err != nil {
		return nil, errors.Join(err, dir.remove())
	}
	tools.Warm()
	s.mods.nearby.search(s.mods.root())
	return s, nil
}

// start starts a worker into which nothing is linked yet.
func start(ctx context.Context, tools *toolchain.Toolchain, dir folder, k *known, cfg Config, out *outputs) (*session, error) {
	if err := tools.Ready(ctx); err != nil {
		return nil, err
	}
	options := worker.Options{Path: tools.Worker(), BuildID: tools.BuildID(), Dir: cfg.Dir, Env: cfg.Env, Handler: out}
	if cfg.Race {
		options.Env, options.Handler = raceEnv(cfg.Env), &races{outputs: out}
	}
	w, err := worker.Start(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("start the worker: %w", err)
	}
	if cfg.MemoryLimit > 0 {
		if err := w.LimitMemory(ctx, cfg.MemoryLimit); err != nil {
			return nil, errors.Join(err, w.Close())
		}
	}
	link, err := tools.NewSession(dir.path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the index of the session: %w", err), w.Close())
	}
	k.link.Store(link)
	cfg.modules.forget()
	return &session{tools: tools, dir: dir, link: link, worker: w, known: k, mods: cfg.modules}, nil
}

func (s *session) close() error {
	return errors.Join(s.worker.Close(), s.link.Close(), s.dir.remove())
}

// compile turns the text of a cell into a checked unit of Go. Packages that
// the worker lacks are linked as an image first: their export data is needed.
// The scope is not locked meanwhile, which may take long.
func (s *session) compile(ctx context.Context, code string, count int, t *timer) (*cell.Unit, error) {
	needs := s.known.imports(code)
	t.checked()
	err := s.provide(ctx, needs)
	t.provided()
	if err != nil {
		return nil, err
	}
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	u, err := s.known.scope.Compile(code, count)
	t.checked()
	if err != nil {
		return nil, understood(err)
	}
	return u, nil
}

func (k *known) imports(code string) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.scope.Imports(code)
}

// provide makes sure that the worker holds the packages.
func (s *session) provide(ctx context.Context, paths []string) error {
	var missing []string
	for _, p := range paths {
		if !s.link.Has(p) {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	groups, err := s.mods.sorted(ctx, s.tools, missing)
	if err != nil {
		return err
	}
	for _, dir := range slices.Sorted(maps.Keys(groups)) {
		if err := s.image(ctx, dir, groups[dir]); err != nil {
			return err
		}
		s.mods.note(ctx, s.tools, dir, groups[dir])
	}
	return nil
}

// image links packages, which the go command finds in dir, into the worker.
func (s *session) image(ctx context.Context, dir string, paths []string) error {
	// What an image before has brought along need not come again.
	paths = slices.DeleteFunc(paths, s.link.Has)
	if len(paths) == 0 {
		return nil
	}
	names := strings.Join(paths, ", ")
	img, err := s.link.Image(ctx, dir, paths...)
	if err != nil {
		return importError(paths, err)
	}
	img, err = settle(ctx, s.worker, img, (*toolchain.Image).Module, s.link.RelinkImage, s.link.ImageElsewhere)
	if errors.Is(err, worker.ErrInit) {
		return importError(paths, errors.Join(err, s.link.AddFailed(img)))
	}
	if err != nil {
		return fmt.Errorf("load packages %s: %w", names, err)
	}
	if err := s.link.AddImage(img); err != nil {
		return fmt.Errorf("add packages %s to the session: %w", names, err)
	}
	return nil
}

// load compiles the unit, links it against the live worker and maps it there.
// The names it declares belong to the session from then on. It returns the
// address of the cell's function, and the unit, to which the compiler may have
// had something to add. Files to embed are looked for in dir.
func (s *session) load(ctx context.Context, u *cell.Unit, serial int, dir string, t *timer) (*cell.Unit, uint64, error) {
	if err := s.provide(ctx, u.Imports); err != nil {
		return nil, 0, err
	}
	t.provided()
	base := filepath.Join(s.dir.path, fmt.Sprintf("cell%d", serial))
	object := base + ".a"
	defer os.Remove(object)
	u, err := s.build(ctx, u, base+".go", object, dir)
	if err != nil {
		return nil, 0, err
	}
	t.compiled()
	linked, err := s.link.Link(ctx, toolchain.Link{Object: object, Entry: u.Entry, Moves: u.Moves, Copies: copies(u.Copies)})
	if err != nil {
		return nil, 0, linkError(err)
	}
	t.linked()
	module := func(l *toolchain.Linked) worker.Module { return l.Module }
	if linked, err = settle(ctx, s.worker, linked, module, s.link.Relink, s.link.Elsewhere); err != nil {
		return nil, 0, fmt.Errorf("load the cell: %w", err)
	}
	if err := s.link.Commit(linked); err != nil {
		return nil, 0, err
	}
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	s.known.scope.Commit(u, linked.Types, functions(linked.Code))
	t.loaded()
	return u, linked.Module.Entry, nil
}

// build compiles a unit, and again with more of the session where the compiler
// finds that this must be compiled anew.
func (s *session) build(ctx context.Context, u *cell.Unit, source, object, dir string) (*cell.Unit, error) {
	defer os.Remove(source)
	for {
		if err := os.WriteFile(source, u.Source, 0o600); err != nil {
			return nil, err
		}
		var notes []byte
		job := toolchain.Compile{Source: source, Object: object, EmbedDir: dir, Stubs: u.Stubs, Notes: &notes}
		for _, e := range u.Embeds {
			job.Embeds = append(job.Embeds, e.Patterns...)
		}
		if err := s.link.Compile(ctx, job); err != nil {
			return nil, compilerError(err, u)
		}
		u.SetNotes(notes)
		wider, err := s.known.widen(u)
		if wider == nil || err != nil {
			return u, err
		}
		u = wider
	}
}

func (k *known) widen(u *cell.Unit) (*cell.Unit, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return u.Widen()
}

// functions are the linker's, as the scope wants to know them.
func functions(list []toolchain.Code) (code []cell.Code) {
	for _, c := range list {
		code = append(code, cell.Code{Name: c.Name, Holds: c.Holds, Calls: c.Calls, Takes: c.Takes, Again: c.Old != 0})
	}
	return code
}

func copies(list []cell.Copy) (all []toolchain.Copy) {
	for _, c := range list {
		all = append(all, toolchain.Copy(c))
	}
	return all
}

// settle has the worker map linked code. Where the running program has
// meanwhile made an itab that the code brings too, the code is linked again
// against that one; where something lies at its addresses, for others.
func settle[L any](ctx context.Context, w *worker.Worker, l L, module func(L) worker.Module,
	relink func(context.Context, L, []worker.Conflict) (L, error), elsewhere func(context.Context, L) (L, error)) (L, error) {
	const most = 10 // each try can only meet itabs made since the one before
	for range most {
		conflicts, err := w.Load(ctx, module(l))
		switch {
		case errors.Is(err, worker.ErrTaken):
			l, err = elsewhere(ctx, l)
		case err != nil || len(conflicts) == 0:
			return l, err
		default:
			l, err = relink(ctx, l, conflicts)
		}
		if err != nil {
			return l, fmt.Errorf("link again: %w", err)
		}
	}
	return l, fmt.Errorf("running goroutines made new interface tables, or took the addresses of the cell, %d times in a row; run the cell again", most)
}
