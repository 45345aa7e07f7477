package wire

// Value is a variable, or a part of one, that is shown without code being
// compiled for it.
type Value struct {
	Addr  uint64 // of the variable
	Type  uint64 // address of its type's descriptor
	Steps []Step // from the variable to the part
}

// Step leads from a value to a part of it, or to what it points to.
type Step struct {
	Kind  StepKind
	Index int    // of a field or element
	Key   string // of an entry: a string, or the text of a whole number or truth value
}

// StepKind says what a step does.
type StepKind uint8

// The kinds of steps. Field and Element follow a pointer first.
const (
	Field   StepKind = iota // to field number Index of a struct
	Pointed                 // to what a pointer points to
	Element                 // to element number Index of an array, slice or string
	Entry                   // to the value of a map under Key
)
