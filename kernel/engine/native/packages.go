package native

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// packages are the import paths that cells may use, by package name.
type packages map[string][]string

// newPackages sorts import paths by the package name they end in, the
// likeliest first: the standard library before others, short before long.
// Package names are taken from paths, which holds for the standard library
// and for ours; other packages are imported by the author.
func newPackages(paths []string) packages {
	byName := packages{}
	for _, p := range paths {
		if internal(p) {
			continue
		}
		name := path.Base(p)
		if majorVersion.MatchString(name) {
			name = path.Base(path.Dir(p))
		}
		byName[name] = append(byName[name], p)
	}
	for _, ps := range byName {
		slices.SortFunc(ps, func(a, b string) int {
			if x, y := external(a), external(b); x != y {
				return x - y
			}
			if d := strings.Count(a, "/") - strings.Count(b, "/"); d != 0 {
				return d
			}
			return strings.Compare(a, b)
		})
	}
	return byName
}

// internal says whether a package of the standard library or of Interleave is
// for these alone.
func internal(p string) bool {
	return strings.Contains("/"+p, "/internal/") || strings.HasSuffix("/"+p, "/internal") || strings.HasPrefix(p, "vendor/")
}

func (p packages) names() []string { return slices.Sorted(maps.Keys(p)) }

// external is 1 for packages outside the standard library.
func external(p string) int {
	first, _, _ := strings.Cut(p, "/")
	if strings.Contains(first, ".") {
		return 1
	}
	return 0
}
