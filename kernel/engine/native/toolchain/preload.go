package toolchain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// modulePath is that of the module in Config.Source.
const modulePath = "github.com/interleave-lab/interleave"

// standard is what every worker has of the standard library, beside what
// these packages use themselves. Other packages are linked as images when a
// cell imports them.
const standard = `
archive/tar archive/zip
bufio bytes cmp context embed errors expvar flag fmt
compress/bzip2 compress/flate compress/gzip compress/lzw compress/zlib
container/heap container/list container/ring
crypto crypto/aes crypto/cipher crypto/ecdh crypto/ecdsa crypto/ed25519 crypto/elliptic crypto/hmac crypto/md5
crypto/rand crypto/rsa crypto/sha1 crypto/sha256 crypto/sha512 crypto/subtle crypto/tls crypto/x509
database/sql database/sql/driver
encoding encoding/ascii85 encoding/asn1 encoding/base32 encoding/base64 encoding/binary encoding/csv encoding/gob
encoding/hex encoding/json encoding/pem encoding/xml
go/ast go/format go/parser go/printer go/scanner go/token go/constant go/types
hash hash/adler32 hash/crc32 hash/crc64 hash/fnv hash/maphash
html html/template text/scanner text/tabwriter text/template
image image/color image/color/palette image/draw image/gif image/jpeg image/png
index/suffixarray io io/fs io/ioutil iter log log/slog maps slices sort
math math/big math/bits math/cmplx math/rand math/rand/v2
mime mime/multipart mime/quotedprintable
net net/http net/http/cookiejar net/http/httptest net/http/httptrace net/http/httputil net/http/pprof
net/mail net/netip net/rpc net/smtp net/textproto net/url
os os/exec os/signal os/user path path/filepath reflect regexp regexp/syntax
runtime runtime/debug runtime/metrics runtime/pprof runtime/trace
strconv strings sync sync/atomic syscall
testing testing/fstest testing/iotest testing/quick testing/slogtest testing/synctest
time unicode unicode/utf16 unicode/utf8 unique unsafe weak
`

// preloaded lists the packages a worker is linked with: the standard ones
// above and what of lib needs nothing else, directly or not. Packages that need
// modules of others, which have to be fetched, are linked as images when a cell
// imports them: cells work where nothing can be fetched, and the worker stays
// small.
func preloaded(source fs.FS) ([]string, error) {
	own, err := ownPackages(source)
	paths := strings.Fields(standard)
	for p := range own {
		if strings.HasPrefix(p, modulePath+"/lib/") && importable(p) && own.standalone(p, map[string]bool{}) {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), err
}

// packageImports are the imports of this module's packages, by their path.
type packageImports map[string][]string

func ownPackages(source fs.FS) (packageImports, error) {
	own := packageImports{}
	fset := token.NewFileSet()
	err := fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir() || !isGoSource(name) || !strings.Contains(name, "/"):
			return nil
		}
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		p := path.Join(modulePath, path.Dir(name))
		own[p] = append(own[p], importsOf(f)...)
		return nil
	})
	return own, err
}

func importsOf(f *ast.File) (paths []string) {
	for _, im := range f.Imports {
		if p, err := strconv.Unquote(im.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

// standalone reports whether a package needs only the standard library and
// packages of this module.
func (own packageImports) standalone(p string, seen map[string]bool) bool {
	if seen[p] {
		return true
	}
	seen[p] = true
	imports, ours := own[p]
	if first, _, _ := strings.Cut(p, "/"); !ours && strings.Contains(first, ".") {
		return false
	}
	for _, q := range imports {
		if !own.standalone(q, seen) {
			return false
		}
	}
	return true
}

// libraries lists the packages of the module that cells may import.
func libraries(source fs.FS) ([]string, error) {
	own, err := ownPackages(source)
	paths := slices.DeleteFunc(slices.Sorted(maps.Keys(own)), func(p string) bool { return !importable(p) })
	return paths, err
}

func isGoSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

// importable reports whether a cell may import a package: not the internals
// of the standard library, nor the worker's own.
func importable(p string) bool {
	for _, e := range strings.Split(p, "/") {
		if e == "internal" || e == "vendor" {
			return false
		}
	}
	return p != "main" && p != "C" && !strings.HasPrefix(p, modulePath+"/kernel/")
}
