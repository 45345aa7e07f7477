package render

import (
	"sync"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
)

// A chart that changes 20 times a second would keep a core busy with pictures
// which live front ends, drawing by themselves, never show. So while it
// changes (see display.Handle.Set) it has the picture of a moment ago.

const (
	pictureEvery = 500 * time.Millisecond // of a chart that changes, at most
	pictureShare = 4                      // and a quarter of the time at most
	maxChanging  = 64                     // charts at once
)

// moment is the last picture of a chart that changes.
type moment struct {
	html string
	next time.Time // when there may be another one
}

// moments are the charts that change, by display id.
type moments struct {
	mu   sync.Mutex
	byID map[string]moment
}

var changing moments

// isChanging says whether another state of the same output follows soon.
func isChanging(d display.Data) bool {
	about, ok := d.Metadata["interleave"].(map[string]any)
	return ok && d.ID != "" && about["live"] == true
}

// picture is the text/html of a chart that changes: what make draws, or what
// it drew a moment ago.
func (m *moments) picture(id string, draw func() (string, error)) (html string, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	last, known := m.byID[id]
	start := time.Now()
	if known && start.Before(last.next) {
		return last.html, last.html != ""
	}
	html, err := draw()
	if err != nil {
		html = "" // the last state says why
	}
	if m.byID == nil || len(m.byID) >= maxChanging {
		m.byID = map[string]moment{}
	}
	pause := max(pictureEvery, pictureShare*time.Since(start))
	m.byID[id] = moment{html, time.Now().Add(pause)}
	return html, html != ""
}

// forget lets go of a chart that has settled.
func (m *moments) forget(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byID, id)
}
