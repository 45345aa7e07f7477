package toolchain

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine/native/overlay"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// Image is packages which the worker lacks, linked to be loaded into it. It
// fits behind the images that were loaded when it was made, and is kept for
// later sessions which load the same ones in the same order.
type Image struct {
	entry
	desc      imageDesc
	moduleDir string
	paths     []string
	file      string // the image as it was loaded, once the session holds its own
}

type imageDesc struct {
	Key     string
	Module  wire.Module // without File
	Exports map[string]string
	Next    uint64 // where the next image goes
	Private bool   // fits one session only
	Files   map[string]stamp
}

const imageFile = "image.json"

// Module is what the worker is to load. Its package initialisers have to run
// then.
func (i *Image) Module() wire.Module {
	m := i.desc.Module
	m.File = cmp.Or(i.file, i.path("image"))
	return m
}

// Packages lists the packages which the image brings.
func (i *Image) Packages() []string { return slices.Sorted(maps.Keys(i.desc.Exports)) }

// Image links the packages with the given import paths, and what they need
// and the worker lacks. Paths which are not of the standard library are
// resolved in the module at moduleDir, where the go command must be able to
// build them. An error of the go command is returned with its text.
//
// Packages of the bundle bring the others of it with them.
func (s *Session) Image(ctx context.Context, moduleDir string, paths ...string) (*Image, error) {
	bundle := s.tools.Bundle()
	inBundle := func(p string) bool { return slices.Contains(bundle, p) }
	if moduleDir == s.tools.ModuleDir() && slices.ContainsFunc(paths, inBundle) {
		if err := s.tools.prebuilt(ctx); err != nil {
			return nil, err
		}
		paths = append(paths, slices.DeleteFunc(bundle, s.Has)...)
	}
	return s.image(ctx, moduleDir, paths)
}

func (s *Session) image(ctx context.Context, moduleDir string, paths []string) (*Image, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &imageBuilder{Session: s, dir: moduleDir, paths: slices.Compact(slices.Sorted(slices.Values(paths)))}
	return b.image(ctx)
}

// AddImage records that the worker has loaded an image and run its
// initialisers: cells may import its packages.
func (s *Session) AddImage(i *Image) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i.desc.Module.BuildID != s.tools.BuildID() {
		return fmt.Errorf("add an image: it was linked for worker %s, this is %s", i.desc.Module.BuildID, s.tools.BuildID())
	}
	if err := s.hold(i); err != nil {
		return fmt.Errorf("add an image: %w", err)
	}
	s.images = append(s.images, i)
	for p, name := range i.desc.Exports {
		s.exports[p] = i.path(name)
	}
	return s.writeConfig()
}

// AddFailed records that the worker has loaded an image and that an initialiser
// of its packages did not come to its end. They cannot be taken out of the
// process, nor be linked into it once more: their types would be two.
func (s *Session) AddFailed(i *Image) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.hold(i); err != nil {
		return fmt.Errorf("add an image: %w", err)
	}
	s.images = append(s.images, i)
	for p := range i.desc.Exports {
		s.failed[p] = true
	}
	return nil
}

// ErrFailed is returned by Image for packages of which an image was loaded
// whose initialisers did not come to their end.
var ErrFailed = errors.New("its initialisation has failed in this process")

// ownEntry is a new folder for an image of this session.
func (s *Session) ownEntry() entry {
	s.links++
	return entry{cache: s.dir, key: fmt.Sprintf("image%d", s.links)}
}

// hold keeps the files of an image for as long as the session lives, whatever
// happens to the cache: later cells are linked against them.
func (s *Session) hold(i *Image) error {
	if i.cache == s.dir {
		return nil
	}
	e := s.ownEntry()
	err := filepath.WalkDir(i.dir(), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(i.dir(), name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(e.path(rel), 0o777)
		}
		return linkOrCopy(name, e.path(rel))
	})
	if err == nil {
		i.file, i.entry = i.path("image"), e
	}
	return err
}

// linkOrCopy makes a hard link, or a copy on another disk.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o666)
}

// RelinkImage makes an image again which the worker did not load because of
// conflicts: itabs which the program has made meanwhile are bound instead.
func (s *Session) RelinkImage(ctx context.Context, i *Image, conflicts []wire.Conflict) (*Image, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	names, err := readIndex(i.path("index"))
	if err != nil {
		return nil, err
	}
	if err := s.bindConflicts(names, conflicts); err != nil {
		return nil, err
	}
	b := &imageBuilder{Session: s, dir: i.moduleDir, paths: i.paths}
	return b.image(ctx)
}

// ImageElsewhere is Elsewhere for an image.
func (s *Session) ImageElsewhere(ctx context.Context, i *Image) (*Image, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from = i.desc.Module.Segments[0].Addr + stride
	b := &imageBuilder{Session: s, dir: i.moduleDir, paths: i.paths}
	return b.image(ctx)
}

// ErrNeedsC is returned by Image for packages which use import "C", directly
// or by what they import. The error names them.
var ErrNeedsC = errors.New("packages that need a C compiler do not work in cells")

// needC lists those of the packages, and of what they import, which cannot be
// built without cgo.
func (r release) needC(ctx context.Context, dir string, paths []string) []string {
	cmd := r.goCommand(ctx, dir, append([]string{"list", "-e", "-deps", "-f", `{{if and .CgoFiles (not .Standard)}}{{.ImportPath}}{{end}}`}, paths...)...)
	cmd.Env = append(cmd.Env, "CGO_ENABLED=1")
	out, err := Output(cmd)
	if err != nil {
		return nil // the first error says more
	}
	return strings.Fields(string(out))
}

type imageBuilder struct {
	*Session
	dir   string
	paths []string
	tmp   string
	// misfit: there is one in the cache, which other sessions can use.
	misfit bool
}

func (b *imageBuilder) image(ctx context.Context) (*Image, error) {
	tmp, err := os.MkdirTemp(b.Session.dir, "image-")
	if err != nil {
		return nil, fmt.Errorf("make an image: %w", err)
	}
	defer os.RemoveAll(tmp)
	b.tmp = tmp
	var archives map[string]string
	var content []byte
	if !b.settled() {
		if archives, err = b.archives(ctx); err != nil {
			return nil, err
		}
		if content, err = digest(archives); err != nil {
			return nil, err
		}
	}
	e := entry{cache: b.tools.path("image"), key: b.key(content)}
	i, err := b.cached(e)
	if err == nil {
		return i, nil
	}
	b.misfit = errors.Is(err, errMisfit)
	if archives == nil {
		if archives, err = b.archives(ctx); err != nil {
			return nil, err
		}
	}
	if i, err = b.make(ctx, e, archives); err != nil {
		return nil, fmt.Errorf("make an image of %s: %w", strings.Join(b.paths, ", "), err)
	}
	return i, nil
}

// cached returns an image made by an earlier session, if it can be loaded
// into this one.
func (b *imageBuilder) cached(e entry) (*Image, error) {
	i, err := e.openImage(b.tools.BuildID())
	if err != nil {
		return nil, err
	}
	if err := b.fits(i); err != nil {
		return nil, err
	}
	touch(e.dir())
	i.moduleDir, i.paths = b.dir, b.paths
	return i, nil
}

var errMisfit = errors.New("the image defines what a cell has defined")

// fits reports whether an image that was linked elsewhere may be loaded: a
// type or itab which a cell of this session has brought must not come again.
func (b *imageBuilder) fits(i *Image) error {
	names, err := readIndex(i.path("index"))
	if err != nil {
		return err
	}
	for _, n := range names {
		if n.hash != 0 && b.index.has(n.hash) {
			return errMisfit
		}
	}
	return nil
}

// settled reports whether the content of the packages is: the standard library
// and what the worker's own module requires belong to the build.
func (b *imageBuilder) settled() bool {
	if b.dir == b.tools.ModuleDir() {
		return true
	}
	for _, p := range b.paths {
		if _, ok := slices.BinarySearch(b.tools.manifest.Standard, p); !ok {
			return false
		}
	}
	return true
}

// key identifies the image by its place, its packages and their content.
func (b *imageBuilder) key(content []byte) string {
	h := sha256.New()
	prev := ""
	if n := len(b.images); n > 0 {
		prev = b.images[n-1].desc.Key
	}
	fmt.Fprintf(h, "%s\n%s\n%s\n", b.tools.BuildID(), prev, strings.Join(b.paths, "\n"))
	if b.from > 0 {
		fmt.Fprintf(h, "%x\n", b.from)
	}
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// digest is a hash of what the packages' archives contain.
func digest(archives map[string]string) ([]byte, error) {
	h := sha256.New()
	for _, p := range slices.Sorted(maps.Keys(archives)) {
		text, err := os.ReadFile(archives[p])
		if err != nil {
			return nil, fmt.Errorf("read package %s: %w", p, err)
		}
		fmt.Fprintf(h, "%s %d\n", p, len(text))
		h.Write(text)
	}
	return h.Sum(nil), nil
}

// archives compiles the packages and returns those which the worker lacks.
func (b *imageBuilder) archives(ctx context.Context) (map[string]string, error) {
	file, err := overlay.Library().Write(b.tools.release.Version, b.tools.release.Root, b.tmp)
	if err != nil {
		return nil, err
	}
	var goflags []string
	if b.dir != b.tools.ModuleDir() {
		goflags = strings.Fields(os.Getenv("GOFLAGS"))
	}
	all, err := b.tools.release.archives(ctx, b.dir, file, goflags, b.paths...)
	if err != nil {
		if needs := b.tools.release.needC(ctx, b.dir, b.paths); len(needs) > 0 {
			return nil, fmt.Errorf("%w: %s", ErrNeedsC, strings.Join(needs, ", "))
		}
		return nil, fmt.Errorf("compile %s: %w", strings.Join(b.paths, ", "), err)
	}
	if _, ok := all["runtime/cgo"]; ok {
		return nil, fmt.Errorf("%w: runtime/cgo", ErrNeedsC)
	}
	for p := range all {
		if b.failed[p] {
			return nil, fmt.Errorf("%s: %w; %%reset, and run the notebook again", p, ErrFailed)
		}
		if b.exports[p] != "" || b.tools.Has(p) {
			delete(all, p)
		}
	}
	return all, nil
}

// make links the image and keeps it: in the cache, or with the session when it
// refers to cells of it.
func (b *imageBuilder) make(ctx context.Context, e entry, archives map[string]string) (*Image, error) {
	exports, err := b.keepExports(archives)
	if err != nil {
		return nil, err
	}
	r, err := b.link(ctx, archives)
	if err != nil {
		return nil, err
	}
	if r.end() > lowEnd {
		return nil, ErrFull
	}
	r.module.BuildID = b.tools.BuildID()
	desc := imageDesc{Key: e.key, Module: r.module, Exports: exports, Next: r.end(), Private: r.private || b.misfit || b.private()}
	if !desc.Private {
		err = b.publish(e, desc)
		desc.Private = readOnly(err) // a cache that others have made
	}
	if desc.Private {
		e = b.ownEntry()
		desc.Key = e.dir()
		err = b.publish(e, desc)
	}
	if err != nil {
		return nil, err
	}
	i, err := e.openImage(b.tools.BuildID())
	if err == nil {
		i.moduleDir, i.paths = b.dir, b.paths
	}
	return i, err
}

// private reports whether the image fits no other session: a private one comes
// before it, or it does not lie where images do.
func (b *imageBuilder) private() bool {
	return b.from > 0 || slices.ContainsFunc(b.images, func(i *Image) bool { return i.desc.Private })
}

func (b *imageBuilder) link(ctx context.Context, archives map[string]string) (result, error) {
	object, config, err := b.compileMain(ctx, archives)
	if err != nil {
		return result{}, err
	}
	base := max(imageBase, b.from)
	if n := len(b.images); n > 0 {
		base = max(base, b.images[n-1].desc.Next)
	}
	args := append(b.liveFlags(), "-o", filepath.Join(b.tmp, "image"), "-live-dump", filepath.Join(b.tmp, "index"), "-live-file", "image",
		"-live-segments", b.segments(), "-T", fmt.Sprintf("%#x", base), "-s", "-w", "-importcfg", config, object)
	stdout, stderr, err := b.tools.link.run(ctx, args...)
	if err != nil {
		return result{}, linkError(err, stderr)
	}
	return parseResult(stdout)
}

func (b *imageBuilder) keepExports(archives map[string]string) (map[string]string, error) {
	dir := filepath.Join(b.tmp, "export")
	if err := os.Mkdir(dir, 0o777); err != nil {
		return nil, err
	}
	return keepExports(dir, "export", archives)
}

// compileMain compiles a package main that imports the image's packages.
func (b *imageBuilder) compileMain(ctx context.Context, archives map[string]string) (object, config string, err error) {
	var text strings.Builder
	text.WriteString("package main\n\n")
	for _, p := range b.paths {
		fmt.Fprintf(&text, "import _ %q\n", p)
	}
	text.WriteString("\nfunc main() {}\n")
	source := filepath.Join(b.tmp, "main.go")
	if err := os.WriteFile(source, []byte(text.String()), 0o666); err != nil {
		return "", "", err
	}
	files := map[string]string{}
	for p, name := range b.tools.manifest.Exports {
		files[p] = b.tools.path(name)
	}
	maps.Copy(files, b.exports)
	maps.Copy(files, archives)
	config, object = filepath.Join(b.tmp, "importcfg"), filepath.Join(b.tmp, "main.o")
	if err := writeImportcfg(config, files); err != nil {
		return "", "", err
	}
	return object, config, b.tools.compileFile(ctx, Compile{Source: source, Object: object}, config)
}

// publish moves the finished image into the cache. Another process may have
// made the same one; either will do.
func (b *imageBuilder) publish(e entry, desc imageDesc) error {
	stage, err := stageDir(e)
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage)
	for _, name := range []string{"image", "index", "export"} {
		if err := moveAll(filepath.Join(b.tmp, name), filepath.Join(stage, name)); err != nil {
			return err
		}
	}
	if desc.Files, err = (entry{cache: filepath.Dir(stage), key: filepath.Base(stage)}).stamps("image", "index", "export"); err != nil {
		return err
	}
	text, err := json.Marshal(desc)
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(stage, imageFile), text); err != nil {
		return err
	}
	if _, err := e.openImage(b.tools.BuildID()); err == nil {
		return nil
	}
	if err := os.RemoveAll(e.dir()); err != nil { // stale or damaged
		return err
	}
	if err := os.Rename(stage, e.dir()); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func stageDir(e entry) (string, error) {
	if err := os.MkdirAll(e.cache, 0o777); err != nil {
		return "", err
	}
	return os.MkdirTemp(e.cache, e.key+".")
}

// moveAll copies a file or folder through to the disk; the session's folder
// may be on another one.
func moveAll(from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return writeFile(filepath.Join(to, rel), b)
	})
}

// openImage reads an image from the cache.
func (e entry) openImage(buildID string) (*Image, error) {
	b, err := os.ReadFile(e.path(imageFile))
	if err != nil {
		return nil, fmt.Errorf("open an image: %w", err)
	}
	i := &Image{entry: e}
	if err := json.Unmarshal(b, &i.desc); err != nil {
		return nil, fmt.Errorf("open image %s: %w", e.dir(), err)
	}
	if i.desc.Module.BuildID != buildID {
		return nil, fmt.Errorf("open image %s: it was linked for worker %s, this is %s", e.dir(), i.desc.Module.BuildID, buildID)
	}
	if err := e.verify(i.desc.Files); err != nil {
		return nil, fmt.Errorf("open an image: %w", err)
	}
	return i, nil
}
