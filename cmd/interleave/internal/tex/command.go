package tex

import (
	"fmt"
	"html"
	"strings"
)

// command reads what belongs to a command.
func (p *parser) command(t token, depth int) (nucleus, error) {
	name := string(t[1:])
	if s, ok := symbols[name]; ok {
		return s.nucleus(p), nil
	}
	if limits, ok := functions[name]; ok {
		return nucleus{markup: p.function(name, limits), limits: limits}, nil
	}
	if width, ok := spaces[name]; ok {
		return nucleus{markup: space(width)}, nil
	}
	if font, ok := fonts[name]; ok {
		return p.inFont(font, depth)
	}
	if mark, ok := accents[name]; ok {
		return p.accent(mark, depth)
	}
	if f, ok := builders[name]; ok {
		markup, err := f(p, name, depth)
		return nucleus{markup: markup, limits: strings.HasSuffix(name, "brace")}, err
	}
	return nucleus{}, fmt.Errorf(`\%s is not known`, name)
}

// builders are the commands with arguments.
var builders map[string]func(p *parser, name string, depth int) (string, error)

func init() { // they call each other through the parser
	builders = map[string]func(*parser, string, int) (string, error){
		"frac": (*parser).fraction, "dfrac": (*parser).fraction, "tfrac": (*parser).fraction,
		"binom": (*parser).binomial, "sqrt": (*parser).root,
		"text": (*parser).text, "textrm": (*parser).text, "mbox": (*parser).text, "textbf": (*parser).text, "textit": (*parser).text, "texttt": (*parser).text,
		"operatorname": (*parser).operatorName,
		"left":         (*parser).leftRight, "begin": (*parser).environment,
		"big": (*parser).sized, "Big": (*parser).sized, "bigg": (*parser).sized, "Bigg": (*parser).sized,
		"bigl": (*parser).sized, "bigr": (*parser).sized, "Bigl": (*parser).sized, "Bigr": (*parser).sized,
		"biggl": (*parser).sized, "biggr": (*parser).sized, "Biggl": (*parser).sized, "Biggr": (*parser).sized,
		"overset": (*parser).stacked, "underset": (*parser).stacked, "stackrel": (*parser).stacked,
		"underbrace": (*parser).braceBelow, "overbrace": (*parser).braceAbove,
		"underline": (*parser).lineBelow, "overline": (*parser).lineAbove,
		"boxed": (*parser).boxed, "not": (*parser).negated, "pmod": (*parser).modulo,
		"displaystyle": (*parser).nothing, "textstyle": (*parser).nothing, "nonumber": (*parser).nothing, "notag": (*parser).nothing,
	}
}

func (p *parser) nothing(string, int) (string, error) { return "", nil }

// pair reads two arguments.
func (p *parser) pair(depth int) (first, second string, err error) {
	if first, err = p.argument(depth); err != nil {
		return "", "", err
	}
	second, err = p.argument(depth)
	return first, second, err
}

func (p *parser) fraction(name string, depth int) (string, error) {
	above, below, err := p.pair(depth)
	fraction := element("mfrac", group(above)+group(below))
	if name == "dfrac" {
		fraction = `<mstyle displaystyle="true">` + fraction + "</mstyle>"
	}
	return fraction, err
}

func (p *parser) binomial(_ string, depth int) (string, error) {
	above, below, err := p.pair(depth)
	return group(operator("(", "") + `<mfrac linethickness="0">` + group(above) + group(below) + "</mfrac>" + operator(")", "")), err
}

func (p *parser) root(_ string, depth int) (string, error) {
	index := ""
	if p.accept("[") {
		var err error
		if index, err = p.row(depth+1, endOfIndex); err != nil {
			return "", err
		}
		p.next()
	}
	arg, err := p.argument(depth)
	if index != "" {
		return element("mroot", group(arg)+group(index)), err
	}
	return element("msqrt", arg), err
}

func (p *parser) text(name string, _ int) (string, error) {
	raw, err := p.braced()
	raw = strings.NewReplacer(`\%`, "%", `\$`, "$", `\&`, "&", `\_`, "_", `\#`, "#", `\{`, "{", `\}`, "}", `~`, "\u00a0").Replace(raw)
	if strings.ContainsAny(raw, `\$`) && err == nil {
		return "", fmt.Errorf("text with a formula in it is not known")
	}
	font := map[string]string{"textbf": "bold", "textit": "italic", "texttt": "mono"}[name]
	// Blanks at the ends would be dropped.
	raw = strings.ReplaceAll(raw, " ", "\u00a0")
	return element("mtext", html.EscapeString(inFont(raw, font))), err
}

func (p *parser) operatorName(string, int) (string, error) {
	p.accept("*")
	name, err := p.braced()
	return p.function(name, false), err
}

// function writes the name of a function with the room TeX leaves around it:
// none before an opening bracket.
func (p *parser) function(name string, limits bool) string {
	after := "0.167em"
	switch p.peek() {
	case "(", "[", `\left`, "":
		after = "0"
	}
	attributes := ` form="prefix" lspace="0.167em" rspace="` + after + `"`
	if limits {
		attributes += ` movablelimits="true"`
	}
	return operator(name, attributes)
}

func (p *parser) inFont(font string, depth int) (nucleus, error) {
	outer := p.variant
	p.variant = font
	defer func() { p.variant = outer }()
	arg, err := p.argument(depth)
	return nucleus{markup: arg}, err
}

func (p *parser) accent(mark string, depth int) (nucleus, error) {
	arg, err := p.argument(depth)
	stretchy := ` stretchy="false"`
	if mark == "→" || mark == "¯" {
		stretchy = ""
	}
	return nucleus{markup: `<mover accent="true">` + group(arg) + operator(mark, stretchy) + "</mover>"}, err
}

func (p *parser) stacked(name string, depth int) (string, error) {
	mark, base, err := p.pair(depth)
	if name == "underset" {
		return element("munder", group(base)+group(mark)), err
	}
	return element("mover", group(base)+group(mark)), err
}

func (p *parser) braceBelow(_ string, depth int) (string, error) {
	return p.lined("munder", "⏟", depth)
}
func (p *parser) braceAbove(_ string, depth int) (string, error) {
	return p.lined("mover", "⏞", depth)
}
func (p *parser) lineBelow(_ string, depth int) (string, error) { return p.lined("munder", "_", depth) }
func (p *parser) lineAbove(_ string, depth int) (string, error) { return p.lined("mover", "¯", depth) }

func (p *parser) lined(name, mark string, depth int) (string, error) {
	arg, err := p.argument(depth)
	return element(name, group(arg)+operator(mark, ` stretchy="true"`)), err
}

func (p *parser) boxed(_ string, depth int) (string, error) {
	arg, err := p.argument(depth)
	return `<mrow style="border:1px solid;padding:0.2em">` + arg + "</mrow>", err
}

func (p *parser) negated(_ string, depth int) (string, error) {
	arg, err := p.argument(depth)
	if mark, ok := strings.CutSuffix(arg, "</mo>"); ok {
		return mark + "\u0338</mo>", err
	}
	return "", fmt.Errorf(`\not needs a relation`)
}

func (p *parser) modulo(_ string, depth int) (string, error) {
	arg, err := p.argument(depth)
	return space("1em") + operator("(", "") + `<mi mathvariant="normal">mod</mi>` + space("0.333em") + arg + operator(")", ""), err
}
