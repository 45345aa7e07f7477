package tex

import (
	"html"
	"strings"
)

// symbol is a command that stands for a character.
type symbol struct {
	text string
	kind kind
}

type kind int

const (
	letter   kind = iota // an identifier, in italics
	upright              // an identifier that is not
	relation             // an operator of any kind
	large                // an operator whose scripts are limits
	integral             // a large operator whose scripts stand beside it
)

func (s symbol) nucleus(p *parser) nucleus {
	text := html.EscapeString(s.text)
	switch s.kind {
	case letter:
		return nucleus{markup: p.identifier(s.text)}
	case upright:
		return nucleus{markup: `<mi mathvariant="normal">` + text + "</mi>"}
	case large:
		return nucleus{markup: operator(s.text, ""), limits: true}
	}
	return nucleus{markup: operator(s.text, stiff(s.text))}
}

// stiff keeps a fence that was not asked to grow at its size.
func stiff(text string) string {
	if strings.Contains("{}[]()|‖⟨⟩⌊⌋⌈⌉", text) {
		return ` stretchy="false"`
	}
	return ""
}

// symbols by name. The characters are those of Unicode Technical Report 25.
var symbols = table(
	letter, "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ "+
		"lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω "+
		"ell ℓ imath ı jmath ȷ hbar ℏ",
	upright, "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω "+
		"infty ∞ partial ∂ nabla ∇ emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ Re ℜ Im ℑ aleph ℵ wp ℘ top ⊤ bot ⊥ angle ∠ degree ° "+
		"ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ prime ′ % % $ $ # # & & _ _",
	relation, "times × cdot ⋅ div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ odot ⊙ ominus ⊖ "+
		"cap ∩ cup ∪ setminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ neg ¬ lnot ¬ "+
		"le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ ll ≪ gg ≫ lt < gt > approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ coloneqq ≔ triangleq ≜ doteq ≐ "+
		"in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ prec ≺ preceq ⪯ succ ≻ succeq ⪰ mid ∣ nmid ∤ parallel ∥ perp ⟂ vdash ⊢ models ⊨ "+
		"to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ iff ⟺ mapsto ↦ "+
		"uparrow ↑ downarrow ↓ longrightarrow ⟶ longleftarrow ⟵ hookrightarrow ↪ rightleftharpoons ⇌ "+
		"lbrace { rbrace } { { } } lbrack [ rbrack ] | ‖ vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ "+
		"colon : bmod mod backslash \\",
	large, "sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂",
	integral, "int ∫ iint ∬ iiint ∭ oint ∮",
)

// table reads pairs of names and characters, kind by kind.
func table(parts ...any) map[string]symbol {
	m := map[string]symbol{}
	for i := 0; i < len(parts); i += 2 {
		words := strings.Fields(parts[i+1].(string))
		for j := 0; j < len(words); j += 2 {
			m[words[j]] = symbol{words[j+1], parts[i].(kind)}
		}
	}
	return m
}

// functions are names written upright; true for those whose scripts are
// limits.
var functions = map[string]bool{
	"arccos": false, "arcsin": false, "arctan": false, "arg": false, "cos": false, "cosh": false, "cot": false, "coth": false,
	"csc": false, "deg": false, "dim": false, "exp": false, "hom": false, "ker": false, "lg": false, "ln": false, "log": false,
	"sec": false, "sin": false, "sinh": false, "tan": false, "tanh": false,
	"det": true, "gcd": true, "inf": true, "lim": true, "liminf": true, "limsup": true, "max": true, "min": true, "Pr": true, "sup": true,
}

// spaces by name.
var spaces = map[string]string{
	",": "0.167em", ":": "0.222em", ">": "0.222em", ";": "0.278em", "!": "-0.167em", " ": "0.333em",
	"quad": "1em", "qquad": "2em", "thinspace": "0.167em", "enspace": "0.5em",
}

// accents by name.
var accents = map[string]string{
	"hat": "^", "widehat": "^", "bar": "¯", "tilde": "~", "widetilde": "~", "vec": "→", "dot": "˙", "ddot": "¨",
	"acute": "´", "grave": "`", "breve": "˘", "check": "ˇ", "overrightarrow": "→",
}
