// Embedding: promotion, shadowing, interfaces inside structs.
package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
)

type Logger struct {
	prefix string
	out    io.Writer
}

func (l Logger) Log(s string)        { fmt.Fprintf(l.out, "%s: %s\n", l.prefix, s) }
func (l *Logger) SetPrefix(p string) { l.prefix = p }

type Base struct{ ID int }

func (b Base) Describe() string { return fmt.Sprintf("base %d", b.ID) }
func (b *Base) Renumber(n int)  { b.ID = n }
func (b Base) hidden() string   { return "hidden of base" }

type Mid struct {
	Base
	Name string
}

func (m Mid) Describe() string { return m.Name + " over " + m.Base.Describe() }

type Top struct {
	*Mid
	Logger
	sync.Mutex
	io.Reader
}

type counting struct {
	io.Writer
	n int
}

func (c *counting) Write(p []byte) (int, error) {
	c.n += len(p)
	return c.Writer.Write(p)
}

type describer interface{ Describe() string }
type stack struct{ describer }

func main() {
	var buf bytes.Buffer
	cw := &counting{Writer: &buf}
	t := Top{Mid: &Mid{Base{1}, "mid"}, Logger: Logger{"top", cw}, Reader: strings.NewReader("content")}
	t.Lock()
	t.Renumber(7)
	t.SetPrefix("TOP")
	t.Unlock()
	t.Log(t.Describe())
	t.Log(t.hidden())
	b, _ := io.ReadAll(t)
	fmt.Print(buf.String())
	fmt.Println(string(b), cw.n, t.ID, t.Mid.Base.ID, t.Name)
	var d describer = stack{stack{t}}
	fmt.Println(d.Describe())
	f := t.Renumber
	g := (*Base).Renumber
	f(8)
	g(&t.Base, t.ID+1)
	fmt.Println(t.Describe(), describer.Describe(t.Base))
	anon := struct {
		Base
		extra string
	}{Base{3}, "x"}
	fmt.Printf("%v %+v %s\n", anon, anon, anon.Describe())
}
