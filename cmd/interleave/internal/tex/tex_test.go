package tex_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/tex"
)

// body is the MathML of a formula without what is around every one.
func body(t *testing.T, source string) string {
	t.Helper()
	got, err := tex.MathML(source, false)
	if err != nil {
		t.Fatal(err)
	}
	got = strings.TrimPrefix(got, "<math><semantics><mrow>")
	got, _, _ = strings.Cut(got, "</mrow><annotation")
	return got
}

func TestFormulas(t *testing.T) {
	for _, c := range [][2]string{
		{`x`, `<mi>x</mi>`},
		{`12.5x`, `<mn>12.5</mn><mi>x</mi>`},
		{`a, 1,000`, `<mi>a</mi><mo stretchy="false">,</mo><mn>1,000</mn>`},
		{`L = \lambda W`, `<mi>L</mi><mo stretchy="false">=</mo><mi>λ</mi><mi>W</mi>`},
		{`a<b`, `<mi>a</mi><mo stretchy="false">&lt;</mo><mi>b</mi>`},
		{`x^2`, `<msup><mi>x</mi><mrow><mn>2</mn></mrow></msup>`},
		{`x^23`, `<msup><mi>x</mi><mrow><mn>2</mn></mrow></msup><mn>3</mn>`},
		{`x_i^{n+1}`, `<msubsup><mi>x</mi><mrow><mi>i</mi></mrow><mrow><mrow><mi>n</mi><mo stretchy="false">+</mo><mn>1</mn></mrow></mrow></msubsup>`},
		{`f'`, `<msup><mi>f</mi><mrow><mo>′</mo></mrow></msup>`},
		{`f''^2`, `<msup><mi>f</mi><mrow><mo>′′</mo><mn>2</mn></mrow></msup>`},
		{`\frac12`, `<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>`},
		{`\frac{1}{2}`, `<mfrac><mrow><mrow><mn>1</mn></mrow></mrow><mrow><mrow><mn>2</mn></mrow></mrow></mfrac>`},
		{`\sqrt[3]{x}`, `<mroot><mrow><mrow><mi>x</mi></mrow></mrow><mrow><mn>3</mn></mrow></mroot>`},
		{`\sum_{i=1}^n`, `<munderover><mo>∑</mo><mrow><mrow><mi>i</mi><mo stretchy="false">=</mo><mn>1</mn></mrow></mrow><mrow><mi>n</mi></mrow></munderover>`},
		{`\int_0^1`, `<msubsup><mo>∫</mo><mrow><mn>0</mn></mrow><mrow><mn>1</mn></mrow></msubsup>`},
		{`\int\limits_0`, `<munder><mo>∫</mo><mrow><mn>0</mn></mrow></munder>`},
		{`\log n`, `<mo form="prefix" lspace="0.167em" rspace="0.167em">log</mo><mi>n</mi>`},
		{`\log(n)`, `<mo form="prefix" lspace="0.167em" rspace="0">log</mo><mo stretchy="false">(</mo>`},
		{`\lim_x y`, `<munder><mo form="prefix" lspace="0.167em" rspace="0.167em" movablelimits="true">lim</mo><mrow><mi>x</mi></mrow></munder><mi>y</mi>`},
		{`\operatorname{rank} A`, `rspace="0.167em">rank</mo>`},
		{`\left( x \right]`, `<mrow><mo form="prefix" stretchy="true" fence="true">(</mo><mi>x</mi><mo form="postfix" stretchy="true" fence="true">]</mo></mrow>`},
		{`\left. x \right|`, `<mrow><mi>x</mi><mo form="postfix" stretchy="true" fence="true">|</mo></mrow>`},
		{`\text{ a < b }`, "<mtext>\u00a0a\u00a0&lt;\u00a0b\u00a0</mtext>"},
		{`\mathbb{R}`, `<mrow><mi>ℝ</mi></mrow>`},
		{`\mathrm{d}x`, `<mrow><mi mathvariant="normal">d</mi></mrow><mi>x</mi>`},
		{`\hat x`, `<mover accent="true"><mrow><mi>x</mi></mrow><mo stretchy="false">^</mo></mover>`},
		{`50\,\% % a comment`, `<mn>50</mn><mspace width="0.167em"></mspace><mi mathvariant="normal">%</mi>`},
		{`a \not= b`, "<mi>a</mi><mo stretchy=\"false\">=\u0338</mo><mi>b</mi>"},
		{`\begin{pmatrix}a&b\\c&d\\\end{pmatrix}`, `<mtr>`},
		{`f(x) = \begin{cases} 0 & x < 0 \\ 1 & \text{otherwise} \end{cases}`, `<mtext>otherwise</mtext>`},
		{`x_{}`, `<msub><mi>x</mi><mrow><mrow></mrow></mrow></msub>`},
		{`{}_2`, `<msub><mrow></mrow><mrow><mn>2</mn></mrow></msub>`},
	} {
		if got := body(t, c[0]); !strings.Contains(got, c[1]) {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

func TestTableShape(t *testing.T) {
	got := body(t, `\begin{pmatrix}a&b\\c&d\\\end{pmatrix}`)
	if strings.Count(got, "<mtr>") != 2 || strings.Count(got, "<mtd") != 4 {
		t.Errorf("want 2 rows of 2: %s", got)
	}
	got = body(t, `\begin{align} a &= b \\ &= c \end{align}`)
	if strings.Count(got, "text-align:right") != 2 || strings.Count(got, "text-align:left") != 2 {
		t.Errorf("want two right and two left cells: %s", got)
	}
}

func TestDisplayAndSource(t *testing.T) {
	got, err := tex.MathML(" a<b ", true)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got, `<math display="block">`) || !strings.Contains(got, `<annotation encoding="application/x-tex">a&lt;b</annotation>`) {
		t.Errorf("%s", got)
	}
}

func TestErrors(t *testing.T) {
	for source, want := range map[string]string{
		`\nope`:                          `\nope is not known`,
		`{x`:                             "it ends too early",
		`x}`:                             `"}" has nothing to belong to`,
		`x^`:                             "an argument is missing",
		`x_1_2`:                          "two _ in a row",
		`a & b`:                          `"&" has nothing to belong to`,
		`\frac{1}`:                       "an argument is missing",
		`\left( x`:                       "it ends too early",
		`\left x`:                        `"x" is not a delimiter`,
		`\begin{nope}\end{nope}`:         "environment nope is not known",
		`\begin{matrix}a\end{cases}`:     `\begin{matrix} ends with \end{cases}`,
		`\begin{matrix}a`:                "it ends too early",
		`\text{open`:                     "a { is not closed",
		`\text`:                          "want {",
		`\text{$x$}`:                     "text with a formula",
		`\not{ab}`:                       "needs a relation",
		`a # b`:                          "has no meaning here",
		`\`:                              "has no meaning here",
		strings.Repeat(`{`, 1000):        "nested too deeply",
		strings.Repeat(`\sqrt`, 1000):    "nested too deeply",
		strings.Repeat(`x^{`, 1000):      "nested too deeply",
		strings.Repeat(`x`, 20_001):      "the formula is too long",
		strings.Repeat(`\mathbf `, 1000): "nested too deeply",
	} {
		_, err := tex.MathML(source, false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", source, err, want)
		}
	}
}

// FuzzMathML holds that nothing crashes the converter and that what it writes
// is well formed and holds no text as markup.
func FuzzMathML(f *testing.F) {
	f.Add(`\frac{a}{b}_1^2 \begin{cases}x&y\\z\end{cases}\left(\sum_{i}\right)`)
	f.Add(`\text{<script>}\operatorname{"onclick='`)
	f.Fuzz(func(t *testing.T, source string) {
		got, err := tex.MathML(source, true)
		if err != nil {
			return
		}
		z := html.NewTokenizer(strings.NewReader(got))
		var open []string
		for {
			switch z.Next() {
			case html.ErrorToken:
				if len(open) > 0 {
					t.Errorf("%q: %v stay open in %s", source, open, got)
				}
				return
			case html.StartTagToken:
				name, _ := z.TagName()
				if name[0] != 'm' && string(name) != "semantics" && string(name) != "annotation" {
					t.Errorf("%q: <%s>", source, name)
				}
				open = append(open, string(name))
			case html.EndTagToken:
				name, _ := z.TagName()
				if len(open) == 0 || open[len(open)-1] != string(name) {
					t.Errorf("%q: </%s> after %v", source, name, open)
					return
				}
				open = open[:len(open)-1]
			}
		}
	})
}
