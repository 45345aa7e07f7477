package native

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/worker"
)

const limitUsage = "%limit memory wants a size, as in %limit memory 1GB or 512MB, or off"

// leastLimit is what a worker with a few cells needs, in bytes.
const leastLimit = 64 << 20

// limit is %limit.
func limit(e *Engine, ctx context.Context, m call) error {
	what, size, _ := strings.Cut(m.arg, " ")
	if size = strings.TrimSpace(size); size == "" && (what == "" || what == "memory") {
		m.out.Stream(engine.Stdout, limitText(e.cfg.MemoryLimit))
		return nil
	}
	bytes, err := parseSize(size)
	if what != "memory" || err != nil {
		return fault(limitUsage)
	}
	if bytes > 0 && bytes < leastLimit {
		return fault(fmt.Sprintf("%%limit memory %s: the worker itself needs %s", size, worker.Size(leastLimit)))
	}
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	if err := s.worker.LimitMemory(ctx, bytes); err != nil {
		return interruptedOr(ctx, err)
	}
	e.cfg.MemoryLimit = bytes
	m.out.Stream(engine.Stdout, limitText(bytes))
	return nil
}

func limitText(bytes int64) string {
	if bytes == 0 {
		return "The memory of the session is not limited.\n"
	}
	return fmt.Sprintf("The session may use %s of memory. When it uses more its values are lost, and the cell says so.\n", worker.Size(bytes))
}

// parseSize reads "1GB", "1.5 GiB", "512MB", "off" (0).
func parseSize(text string) (int64, error) {
	text = strings.ToLower(strings.ReplaceAll(text, " ", ""))
	if text == "off" || text == "none" {
		return 0, nil
	}
	number := strings.TrimRight(text, "gmkib")
	units := map[string]float64{"": 1, "b": 1, "k": 1 << 10, "kb": 1 << 10, "kib": 1 << 10,
		"m": 1 << 20, "mb": 1 << 20, "mib": 1 << 20, "g": 1 << 30, "gb": 1 << 30, "gib": 1 << 30}
	unit, ok := units[text[len(number):]]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || !ok || !(n > 0) || n*unit > 1<<60 {
		return 0, fmt.Errorf("%q is no size", text)
	}
	return int64(n * unit), nil
}
