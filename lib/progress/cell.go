package progress

import (
	"fmt"
	"html"

	"github.com/interleave-lab/interleave/lib/display"
)

// cell shows a bar as an output of a cell.
type cell struct{ handle *display.Handle }

func (c *cell) show(s State, last bool) {
	d := s.running()
	if last {
		d = s.ended()
	}
	switch {
	case c.handle == nil:
		c.handle = display.Live(d)
	case last:
		c.handle.Update(d)
	default:
		c.handle.Set(d)
	}
}

// running is the bar while the work goes on.
func (s State) running() display.Data {
	value := ""
	if s.Total > 0 {
		value = fmt.Sprintf(` max="%d" value="%d"`, s.Total, min(s.Total, max(0, s.Done)))
	}
	return display.Bundle(map[string]any{
		"text/html": fmt.Sprintf(`<div><progress aria-label="%s"%s style="width:16em;max-width:40%%;vertical-align:middle"></progress> <small>%s</small></div>`,
			html.EscapeString(s.Name), value, html.EscapeString(s.String())),
		"text/plain": s.String(),
	})
}

// ended is what stays in the notebook.
func (s State) ended() display.Data {
	return display.Bundle(map[string]any{
		"text/html":  "<small>" + html.EscapeString(s.Final()) + "</small>",
		"text/plain": s.Final(),
	})
}
