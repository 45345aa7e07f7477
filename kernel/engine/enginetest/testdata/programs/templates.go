// Text and HTML templates with functions, methods and errors.
package main

import (
	"fmt"
	html "html/template"
	"os"
	"strings"
	"text/template"
)

type item struct {
	Name  string
	Price float64
	Tags  []string
}

func (i item) Total(n int) float64   { return i.Price * float64(n) }
func (i *item) Pointer() string      { return "pointer " + i.Name }
func (i item) Fail() (string, error) { return "", fmt.Errorf("cannot show %s", i.Name) }

const layout = `{{define "row"}}- {{.Name | upper | printf "%-6s"}} {{printf "%.2f" .Price}}{{with .Tags}} [{{join . ", "}}]{{end}}{{end -}}
{{- /* a comment */ -}}
{{range $i, $e := .Items}}{{if $i}}
{{end}}{{template "row" $e}}{{else}}empty{{end}}
{{with $x := index .Items 0}}{{$x.Total 3}} {{len $x.Tags}} {{$x.Pointer}}{{end}}
{{block "foot" .}}{{if and .Show (gt (len .Items) 1)}}many{{else if not .Show}}hidden{{end}}{{end}}
{{range $k, $v := .M}}{{$k}}={{$v}};{{end}} {{eq 1 1}} {{index .M "a"}} {{.Items | len}} {{call .F 4}} {{slice "abcdef" 1 3}}
{{range 3}}{{.}}{{if eq . 1}}{{break}}{{end}},{{end}}
`

func main() {
	t := template.Must(template.New("page").Funcs(template.FuncMap{"upper": strings.ToUpper, "join": strings.Join}).Parse(layout))
	data := map[string]any{
		"Items": []*item{{"pen", 1.5, []string{"blue", "new"}}, {"book", 20, nil}},
		"Show":  true,
		"M":     map[string]int{"b": 2, "a": 1},
		"F":     func(n int) int { return n * n },
	}
	if err := t.Execute(os.Stdout, data); err != nil {
		fmt.Println(err)
	}
	fmt.Println(template.Must(template.New("e").Parse("{{.Fail}}\n")).Execute(os.Stdout, item{Name: "x"}))
	fmt.Println(template.Must(template.New("m").Parse("{{.Missing}}\n")).Execute(os.Stdout, item{}))
	_, err := template.New("bad").Parse("{{if}}")
	fmt.Println(err)
	h := html.Must(html.New("h").Parse(`<a href="/?q={{.Q}}" onclick="f({{.Obj}})">{{.Text}}</a>` + "\n"))
	h.Execute(os.Stdout, map[string]any{"Q": "a&b c", "Obj": map[string]int{"x": 1}, "Text": "<script>"})
	h2 := html.Must(html.New("h").Parse("{{.}}\n"))
	h2.Execute(os.Stdout, html.HTML("<b>kept</b>"))
}
