package native

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// packagesByName finds import paths by the package name they end in, the
// likeliest first: the standard library before others, short before long.
// Package names are taken from paths, which holds for the standard library
// and for ours; other packages are imported by the author.
func packagesByName(paths []string) func(name string) []string {
	byName := map[string][]string{}
	for _, p := range paths {
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
	return func(name string) []string { return byName[name] }
}

// external is 1 for packages outside the standard library.
func external(p string) int {
	first, _, _ := strings.Cut(p, "/")
	if strings.Contains(first, ".") {
		return 1
	}
	return 0
}
