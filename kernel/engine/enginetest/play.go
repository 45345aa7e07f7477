package enginetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// patience bounds what a hanging engine can hold up; nothing depends on it
// otherwise.
const patience = time.Minute

// Play runs the session's cells in e, closes e and returns the first fault, or
// nil. The error names file and line.
func (s Session) Play(ctx context.Context, e engine.Engine) error {
	records, err := s.execute(ctx, e)
	if err == nil {
		err = s.late(records)
	}
	if closing := e.Close(); closing != nil {
		err = errors.Join(err, fmt.Errorf("close: %w", closing))
	}
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for i := range s.Cells {
		seen := records[i].seen()
		if err := errors.Join(s.Cells[i].check(seen, true), seen.checkIDs(ids)); err != nil {
			return s.fault(i, err)
		}
	}
	return nil
}

// checkIDs adds the ids of displays and asks for those of updates.
func (s seen) checkIDs(ids map[string]bool) error {
	for _, e := range s.events {
		switch {
		case e.kind == "display" && e.data.ID != "":
			ids[e.data.ID] = true
		case e.kind == "update" && !ids[e.data.ID]:
			return fmt.Errorf("an update of %q, which was never displayed", e.data.ID)
		}
	}
	return nil
}

func (s Session) execute(ctx context.Context, e engine.Engine) ([]*record, error) {
	var records []*record
	for i := range s.Cells {
		c := &s.Cells[i]
		answers, _ := c.section("stdin")
		r := newRecord(lines(answers.Text))
		records = append(records, r)
		err := c.run(ctx, e, i+1, r)
		if errors.Is(err, errHangs) {
			return nil, s.fault(i, err)
		}
		if err := errors.Join(c.checkErr(i+1, err), c.check(r.seen(), false)); err != nil {
			return nil, s.fault(i, err)
		}
	}
	return records, nil
}

func (s Session) fault(i int, err error) error {
	return fmt.Errorf("%s:%d: cell %d: %w", s.File, s.Cells[i].Line, i+1, err)
}

var errHangs = errors.New("the cell did not end")

// run executes one cell and interrupts it where the session says so.
func (c *Cell) run(ctx context.Context, e engine.Engine, count int, r *record) error {
	limit, stop := context.WithTimeout(ctx, patience)
	defer stop()
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	done := make(chan error, 1)
	go func() {
		_, stdin := c.section("stdin")
		done <- e.Execute(ctx, engine.Cell{Code: c.Code, Count: count, AllowStdin: stdin}, r)
	}()
	cue, interrupted := c.section("interrupt")
	for {
		select {
		case err := <-done:
			return err
		case <-limit.Done():
			return errHangs
		case <-r.changed:
			if interrupted && strings.Contains(r.seen().stdout(), strings.TrimSpace(cue.Text)) {
				interrupt()
			}
		}
	}
}

// late waits for what goroutines have still to write.
func (s Session) late(records []*record) error {
	limit := time.After(patience)
	for i := range s.Cells {
		c := &s.Cells[i]
		for c.expectsLate() && c.check(records[i].seen(), true) != nil {
			select {
			case <-records[i].changed:
			case <-limit:
				return s.fault(i, c.check(records[i].seen(), true))
			}
		}
	}
	return nil
}

func (c *Cell) expectsLate() bool {
	_, out := c.section("after")
	_, err := c.section("after-stderr")
	return out || err
}
