package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/provenance"
	"github.com/interleave-lab/interleave/lib/machine"
)

// fact is a line about the run.
type fact struct{ Name, Value string }

// environment tells where and how the outputs came about, as far as the
// notebook knows.
func environment(n *notebook.Notebook) []fact {
	p, ok := provenance.Read(n)
	if !ok {
		return unknown(n)
	}
	facts := []fact{
		{"Run", fmt.Sprintf("%s, %s in all, %s", p.Started.UTC().Format("2 January 2006 15:04:05 UTC"), short(seconds(p.Seconds)), p.Status)},
		{"Machine", hardware(p.Machine)},
		{"Go", fmt.Sprintf("%s, GOMAXPROCS %d", strings.TrimPrefix(p.Machine.Go, "go"), p.Machine.GOMAXPROCS)},
		{"Engine", strings.TrimSpace(p.Engine + ", Interleave " + p.Interleave)},
	}
	if len(p.Parameters) > 0 {
		var set []string
		for _, name := range slices.Sorted(maps.Keys(p.Parameters)) {
			set = append(set, name+" = "+p.Parameters[name])
		}
		facts = append(facts, fact{"Parameters", strings.Join(set, ", ")})
	}
	return facts
}

// unknown is said of notebooks run by another program.
func unknown(n *notebook.Notebook) []fact {
	info, _ := n.Metadata["language_info"].(map[string]any)
	name, _ := info["name"].(string)
	version, _ := info["version"].(string)
	if version == "" {
		return nil
	}
	return []fact{{"Language", name + " " + version}}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// hardware is the machine in one line, without what stands elsewhere.
func hardware(s machine.Stamp) string {
	var parts []string
	if s.CPU != "" {
		parts = append(parts, s.CPU)
	}
	cores := fmt.Sprintf("%d logical cores", s.Cores)
	if s.Cores == 1 {
		cores = "1 logical core"
	}
	if s.Physical > 0 {
		cores += fmt.Sprintf(" (%d physical)", s.Physical)
	}
	parts = append(parts, cores)
	if s.Quota > 0 {
		parts = append(parts, "quota of "+strconv.FormatFloat(s.Quota, 'g', 3, 64)+" cores")
	}
	return strings.Join(append(parts, s.OS+"/"+s.Arch), ", ")
}
