// An interpreter of a tiny language.
package main

import (
	"bytes"
	"fmt"
	"os"
)

const hello = `++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++.`

type op struct {
	code byte
	arg  int
}

func compile(src string) []op {
	var prog []op
	var stack []int
	for i := 0; i < len(src); i++ {
		c := src[i]
		switch c {
		case '+', '-', '<', '>':
			n := 1
			for i+1 < len(src) && src[i+1] == c {
				n++
				i++
			}
			prog = append(prog, op{c, n})
		case '[':
			stack = append(stack, len(prog))
			prog = append(prog, op{c, 0})
		case ']':
			open := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			prog[open].arg = len(prog)
			prog = append(prog, op{c, open})
		case '.':
			prog = append(prog, op{c, 0})
		}
	}
	return prog
}

func run(prog []op, out *bytes.Buffer) (steps int) {
	var tape [300]byte
	p := 0
	for pc := 0; pc < len(prog); pc++ {
		steps++
		switch o := prog[pc]; o.code {
		case '+':
			tape[p] += byte(o.arg)
		case '-':
			tape[p] -= byte(o.arg)
		case '>':
			p += o.arg
		case '<':
			p -= o.arg
		case '.':
			out.WriteByte(tape[p])
		case '[':
			if tape[p] == 0 {
				pc = o.arg
			}
		case ']':
			if tape[p] != 0 {
				pc = o.arg
			}
		}
	}
	return steps
}

func main() {
	var out bytes.Buffer
	prog := compile(hello)
	steps := run(prog, &out)
	fmt.Fprint(os.Stdout, out.String())
	fmt.Println(len(prog), steps)
}
