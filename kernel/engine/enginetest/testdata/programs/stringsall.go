// Strings, runes, bytes and builders.
package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func caesar(s string, k int) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLower(r) && r < 128:
			return 'a' + (r-'a'+rune(k)+26)%26
		case unicode.IsUpper(r) && r < 128:
			return 'A' + (r-'A'+rune(k)+26)%26
		}
		return r
	}, s)
}

func wrap(s string, width int) (lines []string) {
	var line strings.Builder
	for _, w := range strings.Fields(s) {
		if line.Len() > 0 && line.Len()+1+len(w) > width {
			lines = append(lines, line.String())
			line.Reset()
		}
		if line.Len() > 0 {
			line.WriteByte(' ')
		}
		line.WriteString(w)
	}
	return append(lines, line.String())
}

func main() {
	s := "Héllo, 世界! 👋"
	fmt.Println(len(s), utf8.RuneCountInString(s), reverse(s), strings.ToUpper(s))
	for i, r := range "a世\xff" {
		fmt.Print(i, ":", strconv.QuoteRune(r), " ")
	}
	fmt.Println(utf8.ValidString("a\xff"), []byte("é"), "\u0041\x42\103")
	fmt.Println(caesar("Hello, World", 3), caesar(caesar("Hello", 5), -5))
	for _, l := range wrap("the quick brown fox jumps over the lazy dog", 12) {
		fmt.Printf("|%-12s|\n", l)
	}
	fmt.Println(strings.Split("a,b,,c", ","), len(strings.Split("", ",")), strings.SplitN("a:b:c", ":", 2), strings.SplitAfter("a.b", "."))
	fmt.Println(strings.Replace("oink oink", "k", "ky", 1), strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace("<b>"), strings.Count("five", ""), strings.LastIndex("go gopher", "go"))
	fmt.Println(strings.TrimLeft("xxhixx", "x"), strings.TrimSuffix("file.go", ".go"), strings.ContainsAny("abc", "xyzc"), strings.IndexByte("abc", 'c'))
	a, b, ok := strings.Cut("k=v=w", "=")
	fmt.Println(a, b, ok, strings.HasPrefix("prefix", "pre"), strings.EqualFold("ß", "SS"))
	fmt.Println(bytes.Fields([]byte(" a b ")), bytes.TrimSpace([]byte("\t x ")), bytes.Contains([]byte("abc"), []byte("bc")))
	for _, t := range []string{"42", "-0x1f", "1e3", "abc", "300", "true", "0b11"} {
		i, err := strconv.ParseInt(t, 0, 8)
		f, _ := strconv.ParseFloat(t, 64)
		bo, _ := strconv.ParseBool(t)
		fmt.Println(t, i, err, f, bo)
	}
	q, err := strconv.Unquote(`"tab\tq\""`)
	fmt.Println(q, err, strconv.Quote("\x00\u2028é"), strconv.QuoteToASCII("é"), strconv.FormatFloat(1.0/3, 'f', 4, 64))
	re := regexp.MustCompile(`(\w)(\w*)`)
	fmt.Println(re.ReplaceAllStringFunc("hello big world", func(w string) string { return strings.ToUpper(w[:1]) + w[1:] }), re.FindAllStringSubmatchIndex("ab c", -1))
	raw := `multi
line \n raw`
	fmt.Println(len(raw), strings.Count(raw, "\n"))
	x, y := "abc", "abd"
	fmt.Println(x < y, x+y == "abcabd", x[1], string(x[1]), x[1:][:1])
}
