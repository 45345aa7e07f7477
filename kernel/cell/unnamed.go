package cell

import (
	"fmt"
	"slices"
	"strings"
)

// noteUnnamed tells of unnamed struct types of which live values do not learn
// what a method added to an embedded type means for them: the description of
// such a type has room for methods only if it had some. (One that would lose a
// method is refused by the linker.)
func (c *compiler) noteUnnamed() {
	if c.p.program {
		return
	}
	for _, m := range c.fresh {
		if m.kind != Method || c.replaced[m] != nil {
			continue
		}
		recv := c.view[m.recv]
		if recv == nil || c.isFresh(recv) {
			continue
		}
		for _, t := range c.s.types {
			embedded := embeddedIn(t)
			if slices.Contains(embedded, recv.emitted) && c.overlooks(embedded) {
				c.notices = append(c.notices, fmt.Sprintf("values of the type %s in interfaces do not take part in the new method %s of %s; a type with a name does",
					clean(strings.ReplaceAll(t, "main.", "")), m.name, recv.name))
			}
		}
	}
}

// overlooks says whether a struct type that embeds types with these names was
// without methods.
func (c *compiler) overlooks(embedded []string) bool {
	for _, m := range c.view {
		recv := c.view[m.recv]
		if m.kind == Method && recv != nil && slices.Contains(embedded, recv.emitted) && (!c.isFresh(m) || c.replaced[m] != nil) {
			return false
		}
	}
	return true
}

// embeddedIn lists the session's types that a struct type embeds, by their
// names in generated code. The type is told as the linker does.
func embeddedIn(t string) (names []string) {
	body, ok := strings.CutPrefix(t, "struct { ")
	if !ok {
		return nil
	}
	for f := range strings.SplitSeq(strings.TrimSuffix(body, " }"), "; ") {
		f, _, _ = strings.Cut(f, " \"")
		if name, ok := strings.CutPrefix(strings.TrimPrefix(f, "*"), "main."); ok && !strings.Contains(name, " ") {
			names = append(names, name)
		}
	}
	return names
}
