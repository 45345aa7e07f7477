package worker_test

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/prompt"
)

// cell is a function that the worker under test runs.
type cell struct {
	name string
	run  func()
}

func functions() []func() {
	fs := make([]func(), len(cells))
	for i, c := range cells {
		fs[i] = c.run
	}
	return fs
}

// printf writes as fmt.Printf does in a worker whose package os is patched.
func printf(format string, args ...any) { rt.Write(1, fmt.Appendf(nil, format, args...)) }

// stdin reads as os.Stdin does in such a worker.
type stdin struct{}

func (stdin) Read(b []byte) (int, error) { return rt.Read(b) }

type lasting struct{ release chan bool }

var shared = lasting{make(chan bool)}

var cells = []cell{
	{"empty", func() {}},
	{"hello", func() { printf("hello\n") }},
	{"raw", func() { syscall.Write(1, []byte("raw\n")) }},
	{"flood", func() {
		for i := range floodLines {
			printf("line %d of the flood, with some more text\n", i)
		}
	}},
	{"mixed", func() { // every way out in turn, each line with its number
		for i := 0; i < mixedLines; i += 4 {
			printf("%d\n", i)
			syscall.Write(1, fmt.Appendf(nil, "%d\n", i+1))
			printf("%d\n", i+2)
			display.Show(fmt.Sprint(i + 3))
		}
	}},
	{"program", func() {
		printf("before\n")
		cmd := exec.Command("sh", "-c", "echo of the program")
		cmd.Stdout = os.Stdout
		if err := cmd.Run(); err != nil {
			panic(err)
		}
		printf("after\n")
	}},
	{"result", func() { rt.Show(7, "x") }},
	{"nothing", func() { rt.Show() }},
	{"error", func() { rt.ShowErr(3, errors.New("no such thing")) }},
	{"no error", func() { rt.ShowErr(3, error(nil)) }},
	{"displays", func() {
		display.Show(display.HTML("<b>bold</b>"))
		h := display.Live("one")
		h.Update("two")
		display.Clear(true)
	}},
	{"picture", func() { rt.Show(image.NewGray(image.Rect(0, 0, 3000, 2000))) }},
	{"large picture", func() {
		for _, size := range []int{100 << 20, 0, 1} {
			display.Show(display.Any("image/png", make([]byte, size)))
		}
	}},
	{"too large", func() { display.Show(display.PNG(make([]byte, 1<<28))) }},
	{"panic", func() { panic(fmt.Errorf("went %w", errors.New("wrong"))) }},
	{"panic deep", deep},
	{"surroundings", func() {
		dir, err := os.Getwd()
		if err != nil {
			panic(err)
		}
		printf("%s %s\n", dir, os.Getenv("COLOUR"))
	}},
	{"index", func() { var s []int; _ = s[len(os.Args)+7] }},
	{"goexit", func() { defer printf("deferred\n"); runtime.Goexit() }},
	{"scan", func() {
		var a, b int
		n, err := fmt.Fscan(stdin{}, &a, &b)
		printf("%d %v %d\n", n, err, a+b)
	}},
	{"lines", func() {
		for sc := bufio.NewScanner(stdin{}); sc.Scan(); {
			printf("<%s>\n", sc.Text())
		}
		printf("end\n")
	}},
	{"read all", func() {
		b, err := io.ReadAll(stdin{})
		printf("%q %v\n", b, err)
	}},
	{"prompt", func() {
		name, err := prompt.Line("Name? ")
		printf("%s %v\n", name, err)
		word, err := prompt.Password("Word? ")
		printf("%s %v\n", word, err)
	}},
	{"close", func() { os.Stdout.Close(); printf("closed\n") }},
	{"fd 1", func() {
		_, err := syscall.Write(1, []byte("raw again\n"))
		printf("%v\n", err)
	}},
	{"exit", func() { printf("last words\n"); syscall.Write(2, []byte("to descriptor 2\n")); syscall.Exit(7) }},
	{"panic elsewhere", func() {
		go func() { panic("in a goroutine") }()
		select {}
	}},
	{"deadly", func() {
		m := map[int]int{}
		for range 8 {
			go func() {
				for {
					m[1] = 1
				}
			}()
		}
		select {}
	}},
	{"quit", func() { // dies as after a fault of the runtime: with the stacks of all goroutines
		for range 200 {
			go func() { select {} }()
		}
		syscall.Kill(os.Getpid(), syscall.SIGQUIT)
		select {}
	}},
	{"raw flood", func() {
		for i := range floodLines {
			println("line", i)
		}
	}},
	{"kill", func() { printf("last words\n"); syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} }},
	{"break channel", func() { printf("last words\n"); syscall.Close(3); select {} }},
	{"nonsense", func() { syscall.Write(3, []byte("\xff\xff\xff\xff\xff")); select {} }},
	{"half a frame", func() { syscall.Write(3, []byte("\x10\x00\x00\x00Thalf")); syscall.Exit(1) }},
	{"blocked", func() { <-shared.release }},
	{"release", func() { shared.release <- true }},
	{"busy", func() {
		for i := 0; ; i++ {
			if i < 0 {
				printf("overflow")
			}
		}
	}},
	{"later", func() {
		go func() { <-shared.release; printf("late\n"); shared.release <- true }()
	}},
	{"release and wait", func() { shared.release <- true; <-shared.release }},
	{"large", func() { rt.Write(1, []byte(strings.Repeat("0123456789abcdef", 1<<18))) }},
	{"utf8", func() {
		for i := range len(utf8Text) {
			rt.Write(1, []byte(utf8Text[i:i+1]))
			if i%5 == 0 {
				display.Show(i)
			}
		}
	}},
	{"child", func() { // leaves a process behind that keeps the pipes open
		cmd := exec.Command("sleep", "1000")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			panic(err)
		}
		printf("%d", cmd.Process.Pid)
	}},
	{"inherited", func() { // descriptors that a program started by a cell finds
		out, err := exec.Command("ls", "/proc/self/fd").Output()
		printf("%s %v", strings.Join(strings.Fields(string(out)), " "), err)
	}},
}

const (
	floodLines = 100_000
	mixedLines = 4_000
	utf8Text   = "grüße, 世界 🎉 ende"
)

//line cell[7]:1
func deepest(n int) {
	if n == 0 {
		panic("deep")
	}
}

func deep() {
	deepest(0)
}
