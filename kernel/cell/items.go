package cell

import (
	"slices"
	"strings"
)

// ItemKind is what a top-level piece of a cell is.
type ItemKind string

// The kinds of items.
const (
	Package     ItemKind = "package"     // package clause
	Imports     ItemKind = "import"      // import declaration
	Declaration ItemKind = "declaration" // const, type, func
	Variables   ItemKind = "var"         // var declaration
	Statement   ItemKind = "statement"
)

// Item is one top-level piece of a cell, for engines that run a cell piece by
// piece.
type Item struct {
	Kind ItemKind
	Text string
	Line int // of its first byte, from 1
	// Offset is that of its first byte in the text of the cell.
	Offset int
	// Show says that it is the trailing expression, whose value is shown.
	Show bool
}

// Items cuts the text of cell n into its top-level pieces, in order. An error
// is an *Errors; the cell then does not parse.
func Items(src string, n int) ([]Item, error) {
	s := newSource(n, src)
	p, errs := parse(newPlaces(), s)
	if len(errs) > 0 {
		return nil, &Errors{errs}
	}
	kinds := map[itemKind]ItemKind{
		stmtItem: Statement, importItem: Imports, declItem: Declaration, varItem: Variables, packageItem: Package,
	}
	items := make([]Item, len(p.items))
	for i, it := range p.items {
		line, _ := s.place(it.start)
		items[i] = Item{Kind: kinds[it.kind], Text: s.text[it.start:it.end], Line: line, Offset: it.start}
	}
	items = slices.DeleteFunc(items, func(it Item) bool { return strings.TrimSpace(it.Text) == "" })
	if last := len(items) - 1; last >= 0 && p.show != nil && !p.hush && items[last].Kind == Statement {
		items[last].Show = true
	}
	return items, nil
}
