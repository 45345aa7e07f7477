package charts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts"
)

// ring is n nodes of which each waits for the next.
func ring(t *testing.T, n int) charts.Spec {
	t.Helper()
	var w charts.Network
	for i := range n {
		w.Nodes = append(w.Nodes, charts.Node{ID: fmt.Sprint(i)})
		w.Edges = append(w.Edges, charts.Edge{From: fmt.Sprint(i), To: fmt.Sprint((i + 1) % n), Label: "waits for"})
	}
	c, err := charts.Graph(w)
	if err != nil {
		t.Fatal(err)
	}
	return c.Spec()
}

// Words on the two arrows between two nodes have room only side by side, and
// many nodes on a circle only on a large one.
func TestRoomOnACircle(t *testing.T) {
	if option := string(ring(t, 2).Option); !strings.Contains(option, `"nodes":[[0.08,0.5,"0",""],[0.92,0.5,"1",""]]`) {
		t.Errorf("two nodes do not stand side by side: %s", option)
	}
	if small, large := ring(t, 4).Height, ring(t, 12).Height; large < small+200 {
		t.Errorf("4 nodes have a height of %d, 12 one of %d", small, large)
	}
}
