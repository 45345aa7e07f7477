package tex

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a piece of source: a command with its backslash, or one character.
// At the end of the source it is empty.
type token string

func (t token) command() bool { return len(t) > 1 && t[0] == '\\' }

// next takes the next token; blanks and comments mean nothing.
func (p *parser) next() token {
	t := p.peek()
	p.at += len(t)
	return t
}

func (p *parser) peek() token {
	p.skip()
	rest := p.in[p.at:]
	if rest == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(rest)
	if r != '\\' {
		return token(rest[:n])
	}
	end := 1
	for end < len(rest) && isLetter(rest[end]) {
		end++
	}
	if end == 1 && end < len(rest) { // \{ \, \\
		_, n := utf8.DecodeRuneInString(rest[1:])
		end += n
	}
	return token(rest[:end])
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func (p *parser) skip() {
	for p.at < len(p.in) {
		r, n := utf8.DecodeRuneInString(p.in[p.at:])
		switch {
		case r == '%':
			line := strings.IndexByte(p.in[p.at:], '\n')
			if line < 0 {
				p.at = len(p.in)
				return
			}
			p.at += line + 1
		case unicode.IsSpace(r):
			p.at += n
		default:
			return
		}
	}
}

// accept takes the token if it comes next.
func (p *parser) accept(t token) bool {
	if p.peek() != t {
		return false
	}
	p.next()
	return true
}

// braced takes the raw source of a group, for text and names.
func (p *parser) braced() (string, error) {
	if !p.accept("{") {
		return "", fmt.Errorf("want { before %q", p.peek())
	}
	start, depth := p.at, 1
	for ; p.at < len(p.in); p.at++ {
		switch p.in[p.at] {
		case '\\':
			p.at++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				text := p.in[start:p.at]
				p.at++
				return text, nil
			}
		}
	}
	p.at = len(p.in)
	return "", errors.New("a { is not closed")
}
