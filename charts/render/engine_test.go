//go:build !race

package render

import (
	"strings"
	"testing"
	"time"
)

// An option that would keep ECharts busy for ages costs its virtual machine,
// and the next picture has a new one.
func TestTimeLimit(t *testing.T) {
	e := engine{limit: time.Minute}
	const good = `{"width":300,"height":200,"option":{"title":{"text":"good"}}}`
	if _, err := e.svg([]byte(good), false); err != nil {
		t.Fatal(err)
	}
	if err := e.vm.SetEvalTimeout(100 * time.Millisecond); err != nil { // to read the points alone takes longer
		t.Fatal(err)
	}
	busy := `{"width":300,"height":200,"option":{"xAxis":{"type":"value"},"yAxis":{},"series":[{"type":"line","data":[` +
		strings.Repeat("[1,2],", 400_000) + `[1,2]]}]}}`
	if _, err := e.svg([]byte(busy), false); err == nil {
		t.Fatal("400,000 points were drawn within the limit")
	}
	if e.vm != nil {
		t.Error("the virtual machine is still in use")
	}
	if _, err := e.svg([]byte(good), false); err != nil {
		t.Errorf("the picture after it: %v", err)
	}
}

func TestRenewal(t *testing.T) {
	var e engine
	first := ""
	for i := range 3 {
		svg, err := e.svg([]byte(`{"width":300,"height":200,"option":{"title":{"text":"x"},"xAxis":{},"yAxis":{}}}`), false)
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = svg
		}
		if svg != first {
			t.Errorf("picture %d differs", i+1)
		}
		e.stop()
	}
}

func TestMeasure(t *testing.T) {
	narrow, wide := measure("ill", "12px sans-serif"), measure("WWW", "12px sans-serif")
	if narrow <= 0 || wide < 3*narrow {
		t.Errorf("ill is %.1f wide, WWW %.1f", narrow, wide)
	}
	if double := measure("ill", "24px x"); double < 1.99*narrow || double > 2.01*narrow {
		t.Errorf("at twice the size ill is %.1f wide, not twice %.1f", double, narrow)
	}
	if bold := measure("mmm", "600 12px x"); bold <= measure("mmm", "400 12px x") {
		t.Error("bold is not wider")
	}
}

// Nor does one that would take more memory than is granted: the engine says so
// and is replaced.
func TestMemoryLimit(t *testing.T) {
	e := engine{limit: time.Minute}
	greedy := `{"width":300,"height":200,"option":{"legend":{"data":[` + strings.Repeat("[[]],", 3_000_000) + `[]]}}}`
	_, err := e.svg([]byte(greedy), false)
	if err == nil || !strings.Contains(err.Error(), "memory") {
		t.Fatalf("an option of millions of objects gives %v", err)
	}
	if _, err := e.svg([]byte(`{"width":300,"height":200,"option":{"title":{"text":"good"}}}`), false); err != nil {
		t.Errorf("the picture after it: %v", err)
	}
}
