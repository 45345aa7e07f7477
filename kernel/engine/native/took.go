package native

import "time"

// Took says what a cell's time was spent on.
type Took struct {
	Check    time.Duration // parsing, type checking and rewriting
	Packages time.Duration // linking and loading packages that the worker lacked
	Compile  time.Duration // the Go compiler
	Link     time.Duration
	Load     time.Duration // mapping the code, and conflicts with what runs
	Run      time.Duration
}

// Took is about the cell that was executed last.
func (e *Engine) Took() Took {
	e.run.Lock()
	defer e.run.Unlock()
	return e.took
}

// timer adds up the phases of a cell; each method ends one.
type timer struct {
	took *Took
	at   time.Time
}

func (t *timer) checked()  { t.lap(&t.took.Check) }
func (t *timer) provided() { t.lap(&t.took.Packages) }
func (t *timer) compiled() { t.lap(&t.took.Compile) }
func (t *timer) linked()   { t.lap(&t.took.Link) }
func (t *timer) loaded()   { t.lap(&t.took.Load) }
func (t *timer) ran()      { t.lap(&t.took.Run) }

func (t *timer) lap(phase *time.Duration) {
	now := time.Now()
	*phase += now.Sub(t.at)
	t.at = now
}
