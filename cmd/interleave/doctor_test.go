package main

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/lib/machine"
)

// What a control group grants is told, and what that means.
func TestProcessors(t *testing.T) {
	for _, test := range []struct {
		stamp machine.Stamp
		state state
		text  string
	}{
		{machine.Stamp{Cores: 8}, fine, "8 logical cores"},
		{machine.Stamp{Cores: 8, Quota: 2.5}, fine, "8 logical cores, of which a control group grants the time of 2.5"},
		{machine.Stamp{Cores: 8, Quota: 1}, note, "8 logical cores, of which a control group grants the time of 1"},
		{machine.Stamp{Cores: 1}, note, "1 logical cores"},
	} {
		f := processors(test.stamp)
		if f.state != test.state || f.text != test.text {
			t.Errorf("%+v: %s %q, want %s %q", test.stamp, f.state, f.text, test.state, test.text)
		}
		if (f.state == note) != strings.Contains(f.fix, "docker run --cpus") {
			t.Errorf("%+v: the way out is %q", test.stamp, f.fix)
		}
	}
}
