package tex

import (
	"errors"
	"fmt"
	"html"
	"strings"
	"unicode"
)

// parser reads one formula.
type parser struct {
	in      string
	at      int
	variant string // font of letters, as \mathbf and others set it
}

// until says which tokens end a row.
type until func(token) bool

func endOfInput(t token) bool { return t == "" }
func endOfGroup(t token) bool { return t == "}" }
func endOfRight(t token) bool { return t == `\right` }
func endOfIndex(t token) bool { return t == "]" }
func endOfCell(t token) bool  { return t == "&" || t == `\\` || t == `\cr` || t == `\end` }

// row reads atoms with their scripts up to the token that ends it, which is
// left for the caller.
func (p *parser) row(depth int, end until) (string, error) {
	if depth > maxDepth {
		return "", errors.New("nested too deeply")
	}
	var b strings.Builder
	for {
		t := p.peek()
		if end(t) {
			return b.String(), nil
		}
		switch t {
		case "":
			return "", errors.New("it ends too early")
		case "}", "&", `\\`, `\right`, `\end`, `\middle`:
			if t == `\middle` {
				if err := p.middle(&b); err != nil {
					return "", err
				}
				continue
			}
			return "", fmt.Errorf("%q has nothing to belong to", t)
		}
		atom, err := p.scripted(depth)
		if err != nil {
			return "", err
		}
		b.WriteString(atom)
	}
}

// nucleus is an atom that scripts may follow.
type nucleus struct {
	markup string
	limits bool // scripts stand below and above when there is room
}

// scripted reads an atom and its scripts.
func (p *parser) scripted(depth int) (string, error) {
	var n nucleus
	if t := p.peek(); t == "_" || t == "^" || t == "'" {
		n.markup = "<mrow></mrow>"
	} else {
		var err error
		if n, err = p.atom(depth); err != nil {
			return "", err
		}
	}
	for {
		if p.accept(`\limits`) {
			n.limits = true
		} else if p.accept(`\nolimits`) {
			n.limits = false
		} else {
			break
		}
	}
	return p.scripts(n, depth)
}

func (p *parser) scripts(n nucleus, depth int) (string, error) {
	var sub, sup string
	for {
		switch t := p.peek(); {
		case t == "'":
			sup += operator(p.primes(), "")
		case t == "_" && sub == "", t == "^" && (sup == "" || strings.HasSuffix(sup, "′</mo>")):
			p.next()
			arg, err := p.argument(depth)
			if err != nil {
				return "", err
			}
			if t == "_" {
				sub = arg
			} else {
				sup += arg
			}
		case t == "_" || t == "^":
			return "", fmt.Errorf("two %s in a row", t)
		default:
			return attach(n, sub, sup), nil
		}
	}
}

func (p *parser) primes() string {
	var b strings.Builder
	for p.accept("'") {
		b.WriteString("′")
	}
	return b.String()
}

func attach(n nucleus, sub, sup string) string {
	under, over, both := "msub", "msup", "msubsup"
	if n.limits {
		under, over, both = "munder", "mover", "munderover"
	}
	switch {
	case sub != "" && sup != "":
		return element(both, n.markup+group(sub)+group(sup))
	case sub != "":
		return element(under, n.markup+group(sub))
	case sup != "":
		return element(over, n.markup+group(sup))
	}
	return n.markup
}

// argument reads a group or a single atom, of a number only one digit, as one
// element's content.
func (p *parser) argument(depth int) (string, error) {
	switch t := p.peek(); {
	case t == "":
		return "", errors.New("an argument is missing at the end")
	case isDigit(t[0]):
		return p.styled("mn", string(p.next())), nil
	}
	n, err := p.atom(depth + 1)
	return n.markup, err
}

// atom reads a character, a group or a command with its arguments.
func (p *parser) atom(depth int) (nucleus, error) {
	if depth > maxDepth {
		return nucleus{}, errors.New("nested too deeply")
	}
	t := p.next()
	switch {
	case t == "{":
		return p.group(depth)
	case t.command():
		return p.command(t, depth)
	case t == `\` || t == "}" || t == "&" || t == "#" || t == "$" || t == "_" || t == "^":
		return nucleus{}, fmt.Errorf("%q has no meaning here", t)
	}
	r := []rune(t)[0]
	switch {
	case unicode.IsDigit(r):
		return nucleus{markup: p.number(t)}, nil
	case unicode.IsLetter(r):
		return nucleus{markup: p.identifier(string(t))}, nil
	case t == "~":
		return nucleus{markup: space("0.333em")}, nil
	case t == "-":
		return nucleus{markup: operator("−", "")}, nil
	case t == "*":
		return nucleus{markup: operator("∗", "")}, nil
	}
	return nucleus{markup: operator(string(t), ` stretchy="false"`)}, nil
}

// group reads up to the closing brace; a font set inside ends there.
func (p *parser) group(depth int) (nucleus, error) {
	outer := p.variant
	defer func() { p.variant = outer }()
	content, err := p.row(depth+1, endOfGroup)
	if err != nil {
		return nucleus{}, err
	}
	p.next()
	return nucleus{markup: group(content)}, nil
}

// number reads the digits that follow, with a decimal point or comma among
// them.
func (p *parser) number(first token) string {
	start := p.at - len(first)
	for p.at < len(p.in) {
		c := p.in[p.at]
		inside := (c == '.' || c == ',') && p.at+1 < len(p.in) && isDigit(p.in[p.at+1])
		if !isDigit(c) && !inside {
			break
		}
		p.at++
	}
	return p.styled("mn", p.in[start:p.at])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (p *parser) identifier(letter string) string { return p.styled("mi", letter) }

// styled writes letters in the font that is set. Browsers draw a single letter
// in italics by themselves, and know no other font than upright; the others
// are characters of their own in Unicode.
func (p *parser) styled(name, text string) string {
	if p.variant == "normal" {
		return "<" + name + ` mathvariant="normal">` + html.EscapeString(text) + "</" + name + ">"
	}
	return element(name, html.EscapeString(inFont(text, p.variant)))
}

func space(width string) string { return `<mspace width="` + width + `"></mspace>` }
