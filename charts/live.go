package charts

import "github.com/interleave-lab/interleave/lib/display"

// LiveChart is a chart in the notebook that changes while work goes on. Its
// methods may be called from several goroutines at once.
type LiveChart struct{ handle *display.Handle }

// Live shows a chart now and returns the handle that changes it.
//
//	live := charts.Live(c)
//	for round := range 40 {
//		...
//		if c, err := charts.SeqVsConc(r.Comparisons...); err == nil {
//			live.Update(c)
//		}
//	}
func Live(c Chart) *LiveChart { return &LiveChart{display.Live(c)} }

// Update shows another state of the chart. It does not wait, so measured work
// may call it: of all states within a 20th of a second only the last is shown,
// and the last of all stays in the notebook. In a plain program each state is
// printed as text.
func (l *LiveChart) Update(c Chart) { l.handle.Set(c) }

// Display returns no data: the chart has been shown already.
func (l *LiveChart) Display() display.Data { return display.Data{} }
