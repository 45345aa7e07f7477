package provenance_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/provenance"
	"github.com/interleave-lab/interleave/lib/machine"
)

func TestSurvivesTheFile(t *testing.T) {
	want := provenance.Run{
		Interleave: "v1", Engine: "native",
		Machine:    machine.Stamp{Cores: 4, Quota: 1.5, Go: "go1.26"},
		Started:    time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC),
		Seconds:    1.25,
		Status:     provenance.Failed,
		Parameters: map[string]string{"n": "3"},
	}
	n := &notebook.Notebook{}
	if err := provenance.Record(n, want); err != nil {
		t.Fatal(err)
	}
	raw, err := n.Encode()
	if err != nil {
		t.Fatal(err)
	}
	read, err := notebook.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := provenance.Read(read); !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %+v\nwant %+v", ok, got, want)
	}
}

func TestForeignMetadata(t *testing.T) {
	for _, m := range []map[string]any{
		nil, {"interleave": 1}, {"interleave": map[string]any{}}, {"interleave": map[string]any{"run": "x"}},
	} {
		if _, ok := provenance.Read(&notebook.Notebook{Metadata: m}); ok {
			t.Errorf("%v tells of a run", m)
		}
	}
}
