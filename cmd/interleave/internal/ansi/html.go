package ansi

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// HTML returns the text as HTML in which colours and styles are span elements:
// classes ansi-0 to ansi-15 (foreground), ansi-bg-0 to ansi-bg-15, ansi-bold,
// ansi-faint, ansi-italic, ansi-underline, ansi-strike and ansi-inverse, and
// style attributes for the 256 and 16 million colours. Other control
// sequences are dropped and everything else is escaped.
func HTML(s string) string {
	if !strings.Contains(s, "\x1b") {
		return html.EscapeString(s)
	}
	var b strings.Builder
	var st style
	last := 0
	for _, m := range sequence.FindAllStringIndex(s, -1) {
		st.write(&b, s[last:m[0]])
		last = m[1]
		if seq := s[m[0]:m[1]]; strings.HasPrefix(seq, "\x1b[") && strings.HasSuffix(seq, "m") {
			st.set(seq[2 : len(seq)-1])
		}
	}
	st.write(&b, s[last:])
	return b.String()
}

// style is what "select graphic rendition" has set.
type style struct {
	bold, faint, italic, underline, strike, inverse bool
	fg, bg                                          string // a number below 16 or #rrggbb, empty for the usual
}

func (st style) write(b *strings.Builder, text string) {
	if text == "" {
		return
	}
	if st == (style{}) {
		b.WriteString(html.EscapeString(text))
		return
	}
	fmt.Fprintf(b, "<span%s>%s</span>", st.attributes(), html.EscapeString(text))
}

func (st style) attributes() string {
	var classes, css []string
	for _, c := range []struct {
		on   bool
		name string
	}{
		{st.bold, "bold"}, {st.faint, "faint"}, {st.italic, "italic"},
		{st.underline, "underline"}, {st.strike, "strike"}, {st.inverse, "inverse"},
	} {
		if c.on {
			classes = append(classes, "ansi-"+c.name)
		}
	}
	colour := func(value, class, property string) {
		if strings.HasPrefix(value, "#") {
			css = append(css, property+":"+value)
		} else if value != "" {
			classes = append(classes, class+value)
		}
	}
	colour(st.fg, "ansi-", "color")
	colour(st.bg, "ansi-bg-", "background-color")
	var b strings.Builder
	if len(classes) > 0 {
		fmt.Fprintf(&b, ` class="%s"`, strings.Join(classes, " "))
	}
	if len(css) > 0 {
		fmt.Fprintf(&b, ` style="%s"`, strings.Join(css, ";"))
	}
	return b.String()
}

// set applies the parameters of one sequence.
func (st *style) set(params string) {
	codes := strings.FieldsFunc(params, func(r rune) bool { return r == ';' || r == ':' })
	if len(codes) == 0 {
		codes = []string{"0"}
	}
	for len(codes) > 0 {
		code, err := strconv.Atoi(codes[0])
		codes = codes[1:]
		if err != nil {
			continue
		}
		if code == 38 || code == 48 {
			var c string
			if c, codes = extended(codes); code == 38 {
				st.fg = c
			} else {
				st.bg = c
			}
			continue
		}
		st.apply(code)
	}
}

func (st *style) apply(code int) {
	switch {
	case code == 0:
		*st = style{}
	case code == 1:
		st.bold = true
	case code == 2:
		st.faint = true
	case code == 3:
		st.italic = true
	case code == 4:
		st.underline = true
	case code == 7:
		st.inverse = true
	case code == 9:
		st.strike = true
	case code == 22:
		st.bold, st.faint = false, false
	case code == 23:
		st.italic = false
	case code == 24:
		st.underline = false
	case code == 27:
		st.inverse = false
	case code == 29:
		st.strike = false
	case code == 39:
		st.fg = ""
	case code == 49:
		st.bg = ""
	default:
		st.colour(code)
	}
}

// colour sets one of the 16 colours: 30 to 37 and 90 to 97 for the text, 40 to
// 47 and 100 to 107 for what is behind it.
func (st *style) colour(code int) {
	switch n := code % 10; {
	case n > 7:
	case code >= 30 && code < 40:
		st.fg = strconv.Itoa(n)
	case code >= 40 && code < 50:
		st.bg = strconv.Itoa(n)
	case code >= 90 && code < 100:
		st.fg = strconv.Itoa(n + 8)
	case code >= 100 && code < 110:
		st.bg = strconv.Itoa(n + 8)
	}
}

// extended reads 5;n or 2;r;g;b and returns the codes behind it.
func extended(codes []string) (colour string, rest []string) {
	number := func(i int) int {
		n, _ := strconv.Atoi(codes[i])
		return min(max(n, 0), 255)
	}
	switch {
	case len(codes) >= 2 && codes[0] == "5":
		return palette(number(1)), codes[2:]
	case len(codes) >= 4 && codes[0] == "2":
		return fmt.Sprintf("#%02x%02x%02x", number(1), number(2), number(3)), codes[4:]
	}
	return "", nil
}

// palette is colour n of the 256: 16 by name, a cube of 216, 24 greys.
func palette(n int) string {
	switch {
	case n < 16:
		return strconv.Itoa(n)
	case n >= 232:
		grey := 8 + 10*(n-232)
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
	}
	level := func(i int) int {
		if i == 0 {
			return 0
		}
		return 55 + 40*i
	}
	n -= 16
	return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
}
