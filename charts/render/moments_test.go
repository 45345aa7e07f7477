package render

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestMoments(t *testing.T) {
	var m moments
	draws := 0
	draw := func() (string, error) { draws++; return fmt.Sprint("picture ", draws), nil }
	at := func(next time.Time) {
		last := m.byID["a"]
		last.next = next
		m.byID["a"] = last
	}
	see := func(want string, drawn int) {
		t.Helper()
		if got, ok := m.picture("a", draw); got != want || !ok || draws != drawn {
			t.Errorf("got %q, %v after %d draws, want %q after %d", got, ok, draws, want, drawn)
		}
	}
	see("picture 1", 1)
	at(time.Now().Add(time.Hour))
	see("picture 1", 1)
	at(time.Now().Add(-time.Hour))
	see("picture 2", 2)
	m.forget("a")
	see("picture 3", 3)
	if html, ok := m.picture("b", func() (string, error) { return "", errors.New("no") }); ok {
		t.Errorf("a chart that cannot be drawn has %q", html)
	}
	for i := range 10 * maxChanging {
		m.picture(fmt.Sprint(i), draw)
	}
	if n := len(m.byID); n > maxChanging {
		t.Errorf("%d charts are kept", n)
	}
}
