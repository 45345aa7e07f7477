package native_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// A deadlock is told with the circle: who has locked, or would do, what another
// waits for.
func TestDeadlockTellsOfTheCircle(t *testing.T) {
	n := open(t, "")
	for _, c := range []struct{ code, want string }{
		{"a, b := make(chan int), make(chan int)\ngo func() {\n\t<-a\n\tb <- 1\n}()\n<-b\na <- 1", `
goroutine # waits to receive from a at cell[N]:3; goroutine # would send to it at cell[N]:7
goroutine # waits to receive from b at cell[N]:6; goroutine # would send to it at cell[N]:4`},
		{"var x, y sync.Mutex\nvar wg sync.WaitGroup\nx.Lock()\nwg.Go(func() {\n\ty.Lock()\n\tdefer y.Unlock()\n\tx.Lock()\n\tdefer x.Unlock()\n})\nwg.Wait()\nx.Unlock()", `
goroutine # waits to lock x at cell[N]:7; goroutine # has locked it at cell[N]:3
goroutine # waits for wg at cell[N]:10; goroutine # would call its Done at cell[N]:9`},
		{"var one, two sync.Mutex\nboth := make(chan int)\ngo func() {\n\tone.Lock()\n\tboth <- 1\n\ttwo.Lock()\n}()\ntwo.Lock()\n<-both\none.Lock()", `
goroutine # waits to lock two at cell[N]:6; goroutine # has locked it at cell[N]:8
goroutine # waits to lock one at cell[N]:10; goroutine # has locked it at cell[N]:4`},
		{"func() {\n\tc := make(chan int)\n\tc <- 1\n\tfmt.Println(<-c)\n}()", `
goroutine # waits to send to c at cell[N]:3; it would receive from it at cell[N]:4`},
		{"func() {\n\tvar mu sync.RWMutex\n\tmu.Lock()\n\tmu.RLock()\n}()", `
goroutine # waits to lock mu at cell[N]:4; it has locked it at cell[N]:3`},
		{"in, out := make(chan int), make(chan int)\ngo func() {\n\tfor v := range in {\n\t\tout <- v\n\t}\n\tclose(out)\n}()\nfor i := range 2 {\n\tin <- i\n}\nclose(in)\nfor range out {\n}", `
goroutine # waits to send to out at cell[N]:4; goroutine # would receive from it at cell[N]:12
goroutine # waits to send to in at cell[N]:9; goroutine # would receive from it at cell[N]:3`},
		{"<-make(chan int)", ""},
		{"q, r := make(chan int), make(chan int)\ngo func() {\n\tselect {\n\tcase <-q:\n\tcase <-r:\n\t}\n\tq <- 1\n}()\n<-q\nr <- 1", `
goroutine # waits to receive from r at cell[N]:5; goroutine # would send to it at cell[N]:10
goroutine # waits to receive from q at cell[N]:9; goroutine # would send to it at cell[N]:7`},
	} {
		_, err := n.run(t.Context(), c.code)
		var e *engine.Error
		if !errors.As(err, &e) || e.Name != engine.ExitError {
			t.Fatalf("%s\n%v, want a deadlock", c.code, err)
		}
		if got := circleIn(e.Text()); !slices.Equal(got, lines(c.want)) {
			t.Errorf("%s\ntells\n%s\nof\n%s", c.code, strings.Join(got, "\n"), e.Text())
		}
	}
}

var numbers = regexp.MustCompile(`(goroutine |cell\[)\d+`)

// circleIn are the lines of a circle, sorted, without the numbers of goroutines
// and cells.
func circleIn(text string) []string {
	_, told, _ := strings.Cut(text, "as the source has it:\n")
	told = numbers.ReplaceAllStringFunc(told, func(s string) string {
		if strings.HasPrefix(s, "cell") {
			return "cell[N"
		}
		return "goroutine #"
	})
	return slices.DeleteFunc(lines(told), func(l string) bool { return !strings.Contains(l, "; ") || !strings.Contains(l, " waits ") })
}

func lines(text string) (all []string) {
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, l)
		}
	}
	slices.Sort(all)
	return all
}
