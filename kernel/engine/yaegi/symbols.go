package yaegi

import (
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/prompt"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// ours are the packages of lib that cells may use when interpreted. A test
// holds the lists against the packages.
var ours = interp.Exports{
	module + "lib/display/display": {
		"Any": reflect.ValueOf(display.Any), "Bundle": reflect.ValueOf(display.Bundle),
		"Clear": reflect.ValueOf(display.Clear), "File": reflect.ValueOf(display.File),
		"Flush": reflect.ValueOf(display.Flush), "HTML": reflect.ValueOf(display.HTML),
		"Image": reflect.ValueOf(display.Image), "JPEG": reflect.ValueOf(display.JPEG),
		"JSON": reflect.ValueOf(display.JSON), "JavaScript": reflect.ValueOf(display.JavaScript),
		"LaTeX": reflect.ValueOf(display.LaTeX), "Latex": reflect.ValueOf(display.Latex),
		"Live": reflect.ValueOf(display.Live), "Markdown": reflect.ValueOf(display.Markdown),
		"Math": reflect.ValueOf(display.Math), "Of": reflect.ValueOf(display.Of),
		"PDF": reflect.ValueOf(display.PDF), "PNG": reflect.ValueOf(display.PNG),
		"Plain": reflect.ValueOf(display.Plain), "SVG": reflect.ValueOf(display.SVG),
		"Auto": reflect.ValueOf(display.Auto), "MakeData": reflect.ValueOf(display.MakeData),
		"MakeData3": reflect.ValueOf(display.MakeData3), "Photo": reflect.ValueOf(display.Photo),
		"Rows": reflect.ValueOf(display.Rows), "Show": reflect.ValueOf(display.Show), "String": reflect.ValueOf(display.String),
		"Table": reflect.ValueOf(display.Table), "Text": reflect.ValueOf(display.Text),
		"MIME": reflect.ValueOf(display.MIME), "Bytes": reflect.ValueOf(display.Bytes),

		"MIMEMap": reflect.ValueOf((*display.MIMEMap)(nil)),
		"Data":    reflect.ValueOf((*display.Data)(nil)), "Handle": reflect.ValueOf((*display.Handle)(nil)),
	},
	module + "lib/prompt/prompt": {
		"Line": reflect.ValueOf(prompt.Line), "Password": reflect.ValueOf(prompt.Password),
	},
}

// known says whether the interpreter has the package.
func known(importPath string) bool {
	key := importPath + "/" + path.Base(importPath)
	return stdlib.Symbols[key] != nil && importPath != "unsafe" || ours[key] != nil
}

// preferred decides between packages of one name, as goimports does for most.
var preferred = map[string]string{
	"rand": "math/rand", "template": "text/template", "scanner": "go/scanner", "pprof": "runtime/pprof",
}

// packagesByName maps the name of each package to its import path.
var packagesByName = byName()

func byName() map[string]string {
	names := map[string]string{}
	for _, table := range []interp.Exports{stdlib.Symbols, ours} {
		for key := range table {
			p := path.Dir(key)
			name := path.Base(key)
			if old := names[name]; old == "" || len(p) < len(old) || len(p) == len(old) && p < old {
				names[name] = p
			}
		}
	}
	for name, p := range preferred {
		names[name] = p
	}
	delete(names, "unsafe")
	return names
}

// exported lists the names of a package, for completion.
func exported(importPath string) []string {
	var names []string
	for _, table := range []interp.Exports{stdlib.Symbols, ours} {
		for name := range table[importPath+"/"+path.Base(importPath)] {
			if !strings.HasPrefix(name, "_") {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}
