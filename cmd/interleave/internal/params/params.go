// Package params sets the parameters of a notebook before it runs.
//
// As with papermill, a cell tagged parameters declares them with their
// defaults, and a cell tagged injected-parameters that follows it assigns the
// given values. Here every value is checked against the type the notebook
// declares and written as a Go literal of that type.
package params

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
)

// Param is one name=value.
type Param struct{ Name, Value string }

// Parse reads name=value.
func Parse(s string) (Param, error) {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return Param{}, fmt.Errorf("%q is not name=value", s)
	}
	return Param{Name: name, Value: value}, nil
}

// Tags of the two cells.
const (
	tagDeclared = "parameters"
	tagInjected = "injected-parameters"
)

// Inject puts a cell that sets the parameters behind the cell tagged
// parameters, in place of the one an earlier run has put there. Of two values
// for one name the later counts. Without params the notebook stays as it is.
func Inject(n *notebook.Notebook, params []Param) error {
	if len(params) == 0 {
		return nil
	}
	n.Cells = slices.DeleteFunc(n.Cells, func(c *notebook.Cell) bool { return c.Tagged(tagInjected) })
	at := slices.IndexFunc(n.Cells, func(c *notebook.Cell) bool {
		return c.Type == notebook.Code && c.Tagged(tagDeclared)
	})
	if at < 0 {
		return errors.New("set parameters: no code cell has the tag parameters; tag the cell that declares them (in JupyterLab: property inspector, Cell Tags)")
	}
	code, err := assign(n.Cells[at].Source, params)
	if err != nil {
		return fmt.Errorf("set parameters: %w", err)
	}
	n.Cells = slices.Insert(n.Cells, at+1, &notebook.Cell{
		ID:       freeID(n),
		Type:     notebook.Code,
		Source:   code,
		Metadata: map[string]any{"tags": []any{tagInjected}},
	})
	return nil
}

// assign returns the code of the injected cell.
func assign(declared string, params []Param) (string, error) {
	types := declarations(declared)
	values := map[string]string{}
	var order []string
	for _, p := range params {
		v, ok := types[p.Name]
		if !ok {
			return "", fmt.Errorf("the cell tagged parameters does not declare %s%s", p.Name, known(types))
		}
		lit, err := literal(v, p.Value)
		if err != nil {
			return "", fmt.Errorf("%s: %w", p.Name, err)
		}
		if _, ok := values[p.Name]; !ok {
			order = append(order, p.Name)
		}
		values[p.Name] = lit
	}
	var b strings.Builder
	b.WriteString("// Parameters of this run")
	for _, name := range order {
		fmt.Fprintf(&b, "\n%s = %s", name, values[name])
	}
	return b.String(), nil
}

func known[V any](types map[string]V) string {
	if len(types) == 0 {
		return "; it declares no variables"
	}
	return "; it declares " + strings.Join(slices.Sorted(maps.Keys(types)), ", ")
}

// freeID is an id no cell has.
func freeID(n *notebook.Notebook) string {
	id := tagInjected
	for i := 2; slices.ContainsFunc(n.Cells, func(c *notebook.Cell) bool { return c.ID == id }); i++ {
		id = fmt.Sprintf("%s-%d", tagInjected, i)
	}
	return id
}
