package zmq

// keptItems is how much room an empty queue keeps.
const keptItems = 64

// fifo is a queue whose memory follows its length.
type fifo[T any] struct {
	items []T
	head  int // items before it have been popped
}

func (f *fifo[T]) len() int    { return len(f.items) - f.head }
func (f *fifo[T]) at(i int) T  { return f.items[f.head+i] }
func (f *fifo[T]) push(item T) { f.items = append(f.items, item) }

// pop removes the oldest item; there must be one.
func (f *fifo[T]) pop() T {
	var zero T
	item := f.items[f.head]
	f.items[f.head] = zero
	f.head++
	switch {
	case f.len() == 0 && cap(f.items) > keptItems:
		*f = fifo[T]{}
	case f.head*2 >= len(f.items):
		n := copy(f.items, f.items[f.head:])
		clear(f.items[n:])
		f.items, f.head = f.items[:n], 0
	}
	return item
}
