package report

import (
	"fmt"
	"html"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// highlight returns code as a pre element whose tokens are spans with a class
// for their kind. A language that is not known has no spans.
//
// chroma's own HTML formatter has a class for each of some 80 kinds of token
// and styles of fixed colours; the page needs a few classes whose colours
// follow its look.
func highlight(code, language string) (string, error) {
	code = strings.TrimRight(code, "\n")
	var b strings.Builder
	b.WriteString(`<pre class="source"><code>`)
	lexer := lexers.Get(language)
	if language == "" || lexer == nil {
		b.WriteString(html.EscapeString(code))
	} else {
		tokens, err := chroma.Coalesce(lexer).Tokenise(nil, code)
		if err != nil {
			return "", fmt.Errorf("colour %s code: %w", language, err)
		}
		for t := tokens(); t != chroma.EOF; t = tokens() {
			writeToken(&b, t)
		}
	}
	b.WriteString("</code></pre>")
	return b.String(), nil
}

func writeToken(b *strings.Builder, t chroma.Token) {
	text := html.EscapeString(t.Value)
	if class := tokenClass(t.Type); class != "" && strings.TrimSpace(t.Value) != "" {
		fmt.Fprintf(b, `<span class="%s">%s</span>`, class, text)
		return
	}
	b.WriteString(text)
}

// tokenClass is a word for the kind of token, empty for what has the colour of
// text.
func tokenClass(t chroma.TokenType) string {
	switch {
	case t == chroma.KeywordType || t == chroma.NameBuiltin || t == chroma.NameClass:
		return "tok-type"
	case t == chroma.KeywordConstant || t.InSubCategory(chroma.LiteralNumber):
		return "tok-number"
	case t.InCategory(chroma.Keyword):
		return "tok-keyword"
	case t.InSubCategory(chroma.LiteralString):
		return "tok-string"
	case t == chroma.NameFunction || t == chroma.NameTag:
		return "tok-function"
	case t.InCategory(chroma.Comment):
		return "tok-comment"
	}
	return ""
}
