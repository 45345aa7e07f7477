package tex

import (
	"fmt"
	"strings"
)

// environments are the tables: what encloses them and how columns stand.
var environments = map[string]struct {
	left, right string
	align       string // of the columns in turn, l c r; the last repeats
}{
	"matrix": {align: "c"}, "array": {align: "c"}, "smallmatrix": {align: "c"},
	"pmatrix": {left: "(", right: ")", align: "c"},
	"bmatrix": {left: "[", right: "]", align: "c"},
	"Bmatrix": {left: "{", right: "}", align: "c"},
	"vmatrix": {left: "|", right: "|", align: "c"},
	"Vmatrix": {left: "‖", right: "‖", align: "c"},
	"cases":   {left: "{", align: "l"},
	"aligned": {align: "rl"}, "align": {align: "rl"}, "align*": {align: "rl"},
	"split": {align: "rl"}, "gathered": {align: "c"}, "gather": {align: "c"}, "gather*": {align: "c"},
	"equation": {align: "c"}, "equation*": {align: "c"},
}

func (p *parser) environment(_ string, depth int) (string, error) {
	name, err := p.braced()
	if err != nil {
		return "", err
	}
	e, ok := environments[name]
	if !ok {
		return "", fmt.Errorf("environment %s is not known", name)
	}
	if name == "array" {
		if e.align, err = p.columns(); err != nil {
			return "", err
		}
	}
	rows, err := p.table(depth)
	if err != nil {
		return "", err
	}
	if end, err := p.braced(); err != nil || end != name {
		return "", fmt.Errorf(`\begin{%s} ends with \end{%s}`, name, end)
	}
	return group(grown(e.left, "prefix") + layout(rows, e.align) + grown(e.right, "postfix")), nil
}

// columns reads the alignments of an array; lines between columns are left
// out.
func (p *parser) columns() (string, error) {
	spec, err := p.braced()
	align := strings.Map(func(r rune) rune {
		if strings.ContainsRune("lcr", r) {
			return r
		}
		return -1
	}, spec)
	if align == "" {
		align = "c"
	}
	return align, err
}

// table reads cells up to \end, which it takes.
func (p *parser) table(depth int) ([][]string, error) {
	rows := [][]string{nil}
	for {
		cell, err := p.row(depth+1, endOfCell)
		if err != nil {
			return nil, err
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], cell)
		switch p.next() {
		case `\\`, `\cr`:
			rows = append(rows, nil)
		case `\end`:
			if len(rows[last]) == 1 && cell == "" && last > 0 {
				rows = rows[:last] // the row after the last \\
			}
			return rows, nil
		}
	}
}

func layout(rows [][]string, align string) string {
	var b strings.Builder
	b.WriteString("<mtable displaystyle=\"" + fmt.Sprint(align == "rl") + "\">")
	for _, cells := range rows {
		b.WriteString("<mtr>")
		for i, cell := range cells {
			fmt.Fprintf(&b, `<mtd style="text-align:%s;%s">%s</mtd>`, side(align, i), padding(align, i), cell)
		}
		b.WriteString("</mtr>")
	}
	b.WriteString("</mtable>")
	return b.String()
}

func side(align string, i int) string {
	a := align[min(i, len(align)-1)]
	if align == "rl" {
		a = align[i%2]
	}
	return map[byte]string{'l': "left", 'c': "center", 'r': "right"}[a]
}

// padding lets the sides of an equation touch.
func padding(align string, i int) string {
	switch {
	case align == "rl" && i%2 == 0:
		return "padding-right:0"
	case align == "rl":
		return "padding-left:0"
	}
	return "padding:0.2em 0.5em"
}
