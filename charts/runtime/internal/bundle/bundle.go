// Package bundle builds the JavaScript that draws charts from pinned sources.
//
// The packages are fetched by the npm client from whatever registry it is
// configured for and are accepted only with the pinned checksum; esbuild's Go
// API bundles them with our own part. The same inputs give the same bytes.
package bundle

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Package is one npm package, pinned by version and by its checksum in the
// form of Subresource Integrity (W3C).
type Package struct{ Name, Version, Integrity string }

// Pins are the packages of the bundle.
var Pins = []Package{
	{"echarts", "6.1.0", "sha512-q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA=="},
	{"zrender", "6.1.0", "sha512-oEGMDB6pOP2S6OwRR4PdVv610zrjnA3Bh+JnSG12fYJlBKjtNAoEb5fSUoCOOINlH96I2fU38/A2UpRKs67xYQ=="},
	{"tslib", "2.3.0", "sha512-N82ooyxVNm6h1riLCoyS9e3fuJ3AMG2zIZs2Gd1ATcSFjSA23Q0fzjjZeh0jbJvWVDZ0cJT8yaNNaaXHzueNjg=="},
}

// notices are what must travel with a copy, in this order.
var notices = []string{"echarts/NOTICE", "echarts/LICENSE", "echarts/licenses/LICENSE-d3", "zrender/LICENSE", "tslib/LICENSE.txt"}

// Bundle is what Build makes.
type Bundle struct {
	Script  []byte // one script, an IIFE that defines interleaveCharts
	Notices []byte // licences and notices of what is in it
}

// Build fetches the pinned packages and bundles them with the sources, whose
// entry is main.js. It takes about 3 s. Without an npm client or a registry it
// returns ErrUnreachable.
func Build(ctx context.Context, sources fs.FS) (Bundle, error) {
	dir, err := os.MkdirTemp("", "bundle")
	if err != nil {
		return Bundle{}, fmt.Errorf("bundle: %w", err)
	}
	defer os.RemoveAll(dir)
	for _, p := range Pins {
		if err := install(ctx, dir, p); err != nil {
			return Bundle{}, fmt.Errorf("bundle %s@%s: %w", p.Name, p.Version, err)
		}
	}
	if err := os.CopyFS(filepath.Join(dir, "src"), sources); err != nil {
		return Bundle{}, fmt.Errorf("bundle: copy sources: %w", err)
	}
	legal, err := collect(dir)
	if err != nil {
		return Bundle{}, fmt.Errorf("bundle: collect notices: %w", err)
	}
	script, err := link(dir)
	if err != nil {
		return Bundle{}, fmt.Errorf("bundle: %w", err)
	}
	return Bundle{append(banner(legal), script...), legal}, nil
}

// ErrUnreachable is returned when npm or its registry cannot be reached.
var ErrUnreachable = errors.New("npm or its registry cannot be reached")

// install unpacks a package into dir/node_modules.
func install(ctx context.Context, dir string, p Package) error {
	archive, err := fetch(ctx, dir, p)
	if err != nil {
		return err
	}
	sum := sha512.Sum512(archive)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != p.Integrity {
		return fmt.Errorf("checksum is %s; want %s", got, p.Integrity)
	}
	return unpack(archive, filepath.Join(dir, "node_modules", p.Name))
}

func fetch(ctx context.Context, dir string, p Package) ([]byte, error) {
	npm := exec.CommandContext(ctx, "npm", "pack", "--silent", p.Name+"@"+p.Version)
	npm.Dir = dir
	out, err := npm.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
		}
		return nil, fmt.Errorf("%w: npm pack: %w", ErrUnreachable, err)
	}
	return os.ReadFile(filepath.Join(dir, filepath.Base(strings.TrimSpace(string(out)))))
}

// unpack writes the files of an npm package, whose names begin with
// "package/", below dir.
func unpack(archive []byte, dir string) error {
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	for files := tar.NewReader(z); ; {
		h, err := files.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		_, name, _ := strings.Cut(path.Clean(h.Name), "/")
		if h.Typeflag != tar.TypeReg || !filepath.IsLocal(name) {
			continue
		}
		if err := write(filepath.Join(dir, name), files); err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
	}
}

func write(name string, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o644)
}

func collect(dir string) ([]byte, error) {
	var b bytes.Buffer
	for _, name := range notices {
		text, err := os.ReadFile(filepath.Join(dir, "node_modules", filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "==== %s ====\n\n%s\n\n", name, bytes.TrimSpace(text))
	}
	return b.Bytes(), nil
}

// banner is a comment with the notices; a bang keeps it when somebody
// minifies the script again.
func banner(legal []byte) []byte {
	safe := strings.NewReplacer("*/", "* /", "</", "< /").Replace(string(legal))
	return fmt.Appendf(nil, "/*! Apache ECharts %s and zrender %s, bundled.\n\n%s*/\n", Pins[0].Version, Pins[1].Version, safe)
}

func link(dir string) ([]byte, error) {
	r := api.Build(api.BuildOptions{
		EntryPoints:       []string{filepath.Join(dir, "src", "main.js")},
		AbsWorkingDir:     dir,
		Bundle:            true,
		Format:            api.FormatIIFE,
		GlobalName:        "interleaveCharts",
		Target:            api.ES2018,
		Charset:           api.CharsetASCII, // the same bytes whatever a page says its encoding is
		LegalComments:     api.LegalCommentsNone,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Define:            map[string]string{"process.env.NODE_ENV": `"production"`},
	})
	if len(r.Errors) > 0 {
		return nil, fmt.Errorf("esbuild: %s", strings.Join(api.FormatMessages(r.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	return r.OutputFiles[0].Contents, nil
}

// Inputs is a checksum over everything the bundle is made from: the pins, the
// version of the recipe, and the sources.
func Inputs(sources fs.FS) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, "recipe 1", Pins)
	err := fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(sources, name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(content), content)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("checksum of the sources: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Compress makes the gzip file that is embedded; no time or name is in it.
func Compress(script []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(script); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}
