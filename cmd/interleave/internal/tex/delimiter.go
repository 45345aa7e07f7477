package tex

import (
	"fmt"
	"strings"
)

// delimiters are what \left, \right and their like accept.
var delimiters = map[token]string{
	"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", ".": "",
	`\{`: "{", `\}`: "}", `\lbrace`: "{", `\rbrace`: "}", `\lbrack`: "[", `\rbrack`: "]",
	`\|`: "‖", `\Vert`: "‖", `\vert`: "|", `\lvert`: "|", `\rvert`: "|", `\lVert`: "‖", `\rVert`: "‖",
	`\langle`: "⟨", `\rangle`: "⟩", `\lfloor`: "⌊", `\rfloor`: "⌋", `\lceil`: "⌈", `\rceil`: "⌉",
	"<": "⟨", ">": "⟩", `\backslash`: `\`,
}

func (p *parser) delimiter() (string, error) {
	t := p.next()
	d, ok := delimiters[t]
	if !ok {
		return "", fmt.Errorf("%q is not a delimiter", t)
	}
	return d, nil
}

// leftRight reads what stands between delimiters that grow with it.
func (p *parser) leftRight(_ string, depth int) (string, error) {
	left, err := p.delimiter()
	if err != nil {
		return "", err
	}
	inner, err := p.row(depth+1, endOfRight)
	if err != nil {
		return "", err
	}
	p.next()
	right, err := p.delimiter()
	return group(grown(left, "prefix") + inner + grown(right, "postfix")), err
}

func grown(delimiter, form string) string {
	if delimiter == "" {
		return ""
	}
	return operator(delimiter, ` form="`+form+`" stretchy="true" fence="true"`)
}

// middle writes a delimiter that grows with what stands on both its sides.
func (p *parser) middle(b *strings.Builder) error {
	p.next()
	d, err := p.delimiter()
	b.WriteString(operator(d, ` form="infix" stretchy="true"`))
	return err
}

var sizes = map[string]string{"big": "1.2em", "Big": "1.8em", "bigg": "2.4em", "Bigg": "3em"}

func (p *parser) sized(name string, _ int) (string, error) {
	d, err := p.delimiter()
	size := sizes[strings.TrimRight(name, "lr")]
	return operator(d, ` stretchy="true" minsize="`+size+`" maxsize="`+size+`"`), err
}
