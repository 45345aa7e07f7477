package toolchain

import (
	"fmt"
	"slices"
	"strings"
)

// Code is a function of the session that a linked cell brings.
type Code struct {
	Name     string   // the linker's, as in "main.(*point).String"
	Old, New uint64   // entries: of the newest one of that name so far (0: none), and of this one
	Holds    []string // functions whose code stands in it, or whose dictionary it passes
	Calls    []string // functions that it calls or whose value it takes, if it may run after its cell
	Takes    []string // those whose value it takes
}

// function reads what the linker says of one function.
func (r *result) function(text string) error {
	var c Code
	if _, err := fmt.Sscanf(text, "%x %x", &c.Old, &c.New); err != nil {
		return err
	}
	f := strings.SplitN(strings.TrimSuffix(text, "\n"), " ", 3)
	if len(f) < 3 {
		return fmt.Errorf("it has no name")
	}
	c.Name = f[2]
	r.code = append(r.code, c)
	return nil
}

// refers reads a function that the one read last holds, calls or takes.
func (r *result) refers(word, text string) error {
	if len(r.code) == 0 {
		return fmt.Errorf("it belongs to no function")
	}
	c := &r.code[len(r.code)-1]
	list := &c.Holds
	switch word {
	case "calls":
		list = &c.Calls
	case "takes":
		list = &c.Takes
	}
	*list = append(*list, strings.TrimSuffix(text, "\n"))
	return nil
}

// entries remembers where the functions of a session began in the cells that
// declared them, by name. Each is made to jump to the newest one.
type entries map[string][]uint64

// chain is how many jumps may lead from an old function to the newest.
const chain = 16

// moves lists the pairs (old entry, new entry) that lead every earlier
// function to the one of its name in code, if may allows it. Each earlier one
// jumps to the newest so far already; now and then all are led straight, so
// that the way never gets long and a function declared a thousand times costs
// no more each time.
func (e entries) moves(code []Code, may func(name string) bool) (pairs [][2]uint64) {
	for _, c := range code {
		if c.Old == 0 || may == nil || !may(c.Name) {
			continue
		}
		old := e[c.Name]
		if len(old)%chain != 0 {
			old = nil
		}
		for _, at := range append(slices.Clone(old), c.Old) {
			pairs = append(pairs, [2]uint64{at, c.New})
		}
	}
	return pairs
}

// add records that code has been loaded. Functions whose earlier ones were not
// led to them begin a new history.
func (e entries) add(code []Code, moved [][2]uint64) {
	led := map[uint64]bool{}
	for _, m := range moved {
		led[m[1]] = true
	}
	for _, c := range code {
		switch {
		case led[c.New]:
			e[c.Name] = append(e[c.Name], c.Old)
		case c.Old != 0:
			delete(e, c.Name)
		}
	}
}
