package render_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts/render"
)

func TestStored(t *testing.T) {
	c := chart(t, "twenty items")
	stored := withPicture(`<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>`)
	got, err := render.Stored(c.Display().Bundle[render.MIME], stored+`<script>alert(1)</script>`)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, stored[strings.Index(stored, "base64,"):strings.Index(stored, `"></div>`)]) {
		t.Error("the stored picture is not taken")
	}
	if strings.Contains(got, "alert") || strings.Contains(got, "old words") {
		t.Error("something else is taken out of the stored HTML")
	}
	if !strings.Contains(got, `"option":`) || !strings.Contains(got, "<table>") {
		t.Error("the spec or its table is missing")
	}
}

// withPicture is HTML as Expand makes it.
func withPicture(svg string) string {
	return `<div class="interleave-chart"><img alt="old words" src="data:image/svg+xml;base64,` +
		base64.StdEncoding.EncodeToString([]byte(svg)) + `"></div>`
}

func TestStoredWithoutPicture(t *testing.T) {
	spec := chart(t, "twenty items").Display().Bundle[render.MIME]
	for _, c := range []struct {
		spec   any
		stored string
	}{
		{spec, ""},
		{spec, "<b>another output</b>"},
		{spec, `<div class="interleave-chart"><img src="https://example.com/x.svg"></div>`},
		{spec, `<div class="interleave-chart"><img src="data:image/svg+xml;base64,===="></div>`},
		{spec, withPicture("no picture")},
		{spec, withPicture("<svg><path></svg>")},
		{nil, withPicture("<svg/>")},
		{map[string]any{"option": 3}, withPicture("<svg/>")},
	} {
		if html, err := render.Stored(c.spec, c.stored); err == nil {
			t.Errorf("%.60q gives %s", c.stored, html)
		}
	}
}
