package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/version"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine/native/overlay"
)

// format changes when what the cache holds changes its meaning.
const format = "2"

// builder makes one entry of the cache.
type builder struct {
	entry
	release  release
	race     bool
	source   fs.FS
	progress func(string)
}

func newBuilder(ctx context.Context, cfg Config) (*builder, error) {
	b := &builder{source: cfg.Source, progress: cfg.Progress, race: cfg.Race}
	if b.progress == nil {
		b.progress = func(string) {}
	}
	b.cache = cfg.Cache
	if b.cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("find the user's cache folder: %w", err)
		}
		b.cache = filepath.Join(dir, "interleave")
	}
	cache, err := filepath.Abs(b.cache)
	if err != nil {
		return nil, fmt.Errorf("find the cache: %w", err)
	}
	b.cache = cache
	if err := os.MkdirAll(b.cache, 0o777); err != nil {
		return nil, b.cacheError("make the cache", err)
	}
	if _, err := fs.Stat(b.source, "kernel/worker/child"); err != nil {
		return nil, fmt.Errorf("find the sources of the worker: %w", err)
	}
	r, err := findRelease(ctx, cfg.Go, cfg.Dir, b.progress)
	if err != nil {
		return nil, err
	}
	return b, b.use(r)
}

// use makes a release the one that is built with.
func (b *builder) use(r release) (err error) {
	if r.inModuleCache() {
		if r, err = r.linked(filepath.Join(b.cache, "goroot-"+short(r.Root))); err != nil {
			return err
		}
	}
	r.race = b.race
	b.release = r
	b.key, err = b.identity()
	return err
}

func short(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:8])
}

// identity is a hash of all that the built files depend on.
func (b *builder) identity() (string, error) {
	h := sha256.New()
	say := func(what string, content []byte) {
		fmt.Fprintf(h, "%s %d\n", what, len(content))
		h.Write(content)
	}
	r := b.release
	say("release", []byte(strings.Join([]string{format, r.Version, r.Root, r.OS, r.Arch, r.Level, r.Experiment}, "\n")))
	if r.race {
		say("race", nil)
	}
	src := os.DirFS(filepath.Join(r.Root, "src"))
	for _, p := range patches() {
		say("patch", p.Fingerprinted())
		for _, name := range p.Sources(r.Version) {
			text, err := fs.ReadFile(src, name)
			if err != nil {
				return "", fmt.Errorf("read the Go release: %w", err)
			}
			say(name, text)
		}
	}
	main, err := b.mainFile()
	if err != nil {
		return "", fmt.Errorf("read the sources of the worker: %w", err)
	}
	say("main", main)
	err = b.eachSource(func(name string) error {
		text, err := fs.ReadFile(b.source, name)
		say(name, text)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the sources of the worker: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// eachSource visits the files of which the worker is made.
func (b *builder) eachSource(visit func(name string) error) error {
	return fs.WalkDir(b.source, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir() || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		return visit(name)
	})
}

// prepare builds the entry if need be and returns a lock that keeps it.
func (b *builder) prepare(ctx context.Context) (*lock, error) {
	if err := os.MkdirAll(b.cache, 0o777); err != nil { // it may have been removed since
		return nil, b.cacheError("make the cache", err)
	}
	use, err := waitLock(ctx, b.dir()+".use", true, func() {})
	if readOnly(err) {
		_, incomplete := b.readManifest()
		if incomplete == nil {
			return nil, nil // made by somebody else; who cannot write there cannot remove it either
		}
		err = fmt.Errorf("%w; %w", err, incomplete)
	}
	if err != nil {
		return nil, b.cacheError("use the cache", err)
	}
	if err := b.build(ctx); err != nil {
		return nil, errors.Join(b.cacheError("build the Go tools", err), use.release())
	}
	touch(b.dir() + ".use")
	b.sweepImages(imageLimit)
	return use, nil
}

func (b *builder) build(ctx context.Context) error {
	if _, err := b.readManifest(); err == nil {
		return nil
	}
	building, err := waitLock(ctx, b.dir()+".lock", false, func() {
		b.progress("Another process is building the Go tools; waiting for it.")
	})
	if err != nil {
		return err
	}
	defer building.release()
	if _, err := b.readManifest(); err == nil {
		return nil // the other process has built it
	}
	if err := os.RemoveAll(b.dir()); err != nil {
		return fmt.Errorf("empty the cache: %w", err)
	}
	if err := os.MkdirAll(b.path("export"), 0o777); err != nil {
		return fmt.Errorf("make the cache: %w", err)
	}
	if err := b.make(ctx); err != nil {
		return errors.Join(err, os.RemoveAll(b.dir()))
	}
	b.sweep(cacheLimit)
	return nil
}

// patches are all changes to a release.
func patches() []overlay.Patch {
	return []overlay.Patch{overlay.Linker(), overlay.Compiler(), overlay.Library()}
}

// fits reports whether every edit matches, before anything is built.
func (b *builder) fits() error {
	src := os.DirFS(filepath.Join(b.release.Root, "src"))
	for _, p := range patches() {
		if _, err := p.Apply(b.release.Version, src); err != nil {
			return err
		}
	}
	return nil
}

// instead builds with the tested release of the same minor version, for one
// whose source has changed.
func (b *builder) instead(ctx context.Context, mismatch error) (*lock, error) {
	r, err := b.release.instead(ctx, overlay.SameMinor(b.release.Version), "has another source than this version of Interleave expects", b.progress)
	if err != nil {
		return nil, fmt.Errorf("%w\n%w", err, mismatch)
	}
	if err := b.use(r); err != nil {
		return nil, err
	}
	use, err := b.prepare(ctx)
	if errors.Is(err, overlay.ErrMismatch) {
		err = fmt.Errorf("%w: %w", ErrRelease, err)
	}
	return use, err
}

func (b *builder) make(ctx context.Context) error {
	if err := b.fits(); err != nil {
		return err
	}
	if b.race {
		if err := b.release.needCompiler(ctx); err != nil {
			return err
		}
	}
	tmp, err := os.MkdirTemp(b.cache, "build-")
	if err != nil {
		return fmt.Errorf("make the cache: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := b.makeTool(ctx, tmp, "link", overlay.Linker()); err != nil {
		return err
	}
	if err := b.makeTool(ctx, tmp, "compile", overlay.Compiler()); err != nil {
		return err
	}
	b.progress(fmt.Sprintf("Compiling the standard library of Go %s for live cells. This takes about a minute and is done once.", b.release.Version[len("go"):]))
	m := manifest{Release: b.release.Version, Root: b.release.Root}
	archives, err := b.compileWorker(ctx, tmp)
	if err != nil {
		return err
	}
	b.progress("Linking the worker.")
	if err := b.linkWorker(ctx, tmp, archives); err != nil {
		return err
	}
	if m.Exports, err = keepExports(b.path("export"), "export", archives); err != nil {
		return err
	}
	if m.Standard, err = b.listStandard(ctx); err != nil {
		return err
	}
	own, err := libraries(b.source)
	if err != nil {
		return fmt.Errorf("list the libraries: %w", err)
	}
	m.Importable = importables(m, own)
	if err := b.selfTest(ctx, m); err != nil {
		return err
	}
	return b.writeManifest(m)
}

func importables(m manifest, own []string) []string {
	paths := append([]string{"unsafe"}, own...)
	for p := range m.Exports {
		paths = append(paths, p)
	}
	paths = slices.DeleteFunc(append(paths, m.Standard...), func(p string) bool { return !importable(p) })
	slices.Sort(paths)
	return slices.Compact(paths)
}

// makeTool builds cmd/NAME with a patch.
func (b *builder) makeTool(ctx context.Context, tmp, name string, p overlay.Patch) error {
	b.progress(map[string]string{"link": "Building the linker.", "compile": "Building the compiler."}[name])
	file, err := p.Write(b.release.Version, b.release.Root, tmp)
	if err != nil {
		return err
	}
	out := filepath.Join(tmp, name)
	if _, err := Output(b.release.goCommand(ctx, filepath.Join(b.release.Root, "src", "cmd"), "build", "-overlay", file, "-ldflags=-s -w", "-o", out, "cmd/"+name)); err != nil {
		return fmt.Errorf("build cmd/%s: %w", name, err)
	}
	return b.keep(out, name)
}

// keep moves a finished file into the entry, through to the disk.
func (b *builder) keep(file, name string) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	err = f.Sync()
	f.Close()
	if err == nil {
		err = os.Rename(file, b.path(name))
	}
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return nil
}

// moduleDir holds the worker's module.
const moduleDir = "module"

const workerMain = "kernel/worker/liveworker"

// compileWorker writes the worker's module and compiles it and all that it
// imports. It returns the archives by import path.
func (b *builder) compileWorker(ctx context.Context, tmp string) (map[string]string, error) {
	dir := b.path(moduleDir)
	if err := b.writeModule(dir); err != nil {
		return nil, fmt.Errorf("write the worker's module: %w", err)
	}
	file, err := overlay.Library().Write(b.release.Version, b.release.Root, tmp)
	if err != nil {
		return nil, err
	}
	archives, err := b.release.archives(ctx, dir, file, nil, "./"+workerMain)
	if err != nil {
		return nil, fmt.Errorf("compile the worker: %w", err)
	}
	return archives, nil
}

// archives compiles packages and all that they import, for a worker. It
// returns the files by import path. The author's GOFLAGS hold for his modules,
// not for what belongs to the worker.
func (r release) archives(ctx context.Context, dir, overlayFile string, goflags []string, paths ...string) (map[string]string, error) {
	flags, tags := ownFlags(goflags)
	args := append([]string{"list"}, flags...)
	args = append(args, "-overlay", overlayFile, "-tags", strings.Join(append(tags, "interleave"), ","), "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}\t{{.Export}}{{end}}")
	if r.race {
		args = append(args, raceBuild...)
	}
	cmd := r.goCommand(ctx, dir, append(args, paths...)...)
	if r.race {
		cmd.Env = append(cmd.Env, "CGO_ENABLED=1")
	}
	out, err := Output(cmd)
	if err != nil {
		return nil, err
	}
	archives := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if p, file, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			archives[p] = file
		}
	}
	return archives, nil
}

func (b *builder) writeModule(dir string) error {
	err := b.eachSource(func(name string) error {
		text, err := fs.ReadFile(b.source, name)
		if err != nil {
			return err
		}
		if name == "go.mod" {
			text = forRelease(text, b.release.Version)
		}
		return writeInto(dir, name, text)
	})
	if err != nil {
		return err
	}
	main, err := b.mainFile()
	if err != nil {
		return err
	}
	return writeInto(dir, workerMain+"/main.go", main)
}

var goLine = regexp.MustCompile(`(?m)^go ([0-9.]+)$`)

// forRelease makes a go.mod of ours one that a release accepts which is older
// than it says: tests and tools of this module need that one, the worker and
// the libraries do not.
func forRelease(mod []byte, release string) []byte {
	m := goLine.FindSubmatch(mod)
	if m == nil || version.Compare("go"+string(m[1]), release) <= 0 {
		return mod
	}
	return goLine.ReplaceAll(mod, []byte("go "+strings.TrimPrefix(version.Lang(release), "go")))
}

// mainFile is the worker's package main.
func (b *builder) mainFile() ([]byte, error) {
	paths, err := preloaded(b.source)
	if err != nil {
		return nil, err
	}
	var main strings.Builder
	fmt.Fprintf(&main, "// The worker: what package child does, with these packages at hand.\npackage main\n\nimport (\n\t%q\n\n", modulePath+"/kernel/worker/child")
	for _, p := range paths {
		fmt.Fprintf(&main, "\t_ %q\n", p)
	}
	fmt.Fprintf(&main, ")\n\nfunc main() { child.Main(%q) }\n", b.key)
	return []byte(main.String()), nil
}

func writeInto(dir, name string, text []byte) error {
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o666)
}

// linkWorker links the worker with everything in it, and its index.
func (b *builder) linkWorker(ctx context.Context, tmp string, archives map[string]string) error {
	main := modulePath + "/" + workerMain
	config := filepath.Join(tmp, "importcfg")
	if err := writeImportcfg(config, archives); err != nil {
		return err
	}
	out, index := filepath.Join(tmp, "worker"), filepath.Join(tmp, "worker.idx")
	args := []string{"-o", out, "-live-dump", index, "-live-file", "worker", "-live-id", b.key, "-buildmode=exe", "-s", "-w",
		"-X", "runtime.defaultGOROOT=" + b.release.Root, "-importcfg", config} // as a program has it that go run has built
	if b.race {
		args = append(args, raceLink...)
	}
	if _, err := Output(toolCommand(ctx, b.path("link"), append(args, archives[main])...)); err != nil {
		return fmt.Errorf("link the worker: %w", execError(b.path("link"), err))
	}
	if err := b.keep(out, "worker"); err != nil {
		return err
	}
	return b.keep(index, "worker.idx")
}

// writeImportcfg writes where the compiler and the linker find packages.
func writeImportcfg(name string, files map[string]string) error {
	var text strings.Builder
	for p, file := range files {
		fmt.Fprintf(&text, "packagefile %s=%s\n", p, file)
	}
	if err := os.WriteFile(name, []byte(text.String()), 0o666); err != nil {
		return fmt.Errorf("write importcfg: %w", err)
	}
	return nil
}

func (b *builder) listStandard(ctx context.Context) ([]string, error) {
	out, err := Output(b.release.goCommand(ctx, filepath.Join(b.release.Root, "src"), "list", "std"))
	if err != nil {
		return nil, fmt.Errorf("list the standard library: %w", err)
	}
	return strings.Fields(string(out)), nil
}

// keepExports copies the export data out of archives, which the go command
// may remove from its cache at any time, into dir. It returns the files,
// named below prefix, by import path.
func keepExports(dir, prefix string, archives map[string]string) (map[string]string, error) {
	exports := map[string]string{}
	for p, file := range archives {
		if strings.HasSuffix(p, workerMain) {
			continue
		}
		name := short(p) + ".x"
		if err := copyExport(file, filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("keep export data of %s: %w", p, err)
		}
		exports[p] = prefix + "/" + name
	}
	return exports, nil
}

// copyExport copies the first member of an archive, which the compiler needs,
// and leaves the rest, which is for the linker.
func copyExport(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	const magic, header = "!<arch>\n", 60
	head := make([]byte, len(magic)+header)
	if _, err := io.ReadFull(f, head); err != nil {
		return err
	}
	var size int64
	member := string(head[len(magic):])
	if _, err := fmt.Sscanf(member[48:58], "%d", &size); err != nil || !strings.HasPrefix(member, "__.PKGDEF") {
		return fmt.Errorf("%s is not an archive of a package", from)
	}
	body := make([]byte, size+size&1)
	if _, err := io.ReadFull(f, body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return os.WriteFile(to, append(head, body...), 0o666)
}
