package notebook

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// fields is a decoded JSON object from which fields are taken one by one; what
// remains in the end is unknown to us and kept.
type fields map[string]any

// take removes a field and returns its value, nil when it is not there.
func (f fields) take(name string) any {
	v := f[name]
	delete(f, name)
	return v
}

// into takes a string; a missing one is empty.
func (f fields) into(s *string, name string) error {
	switch v := f.take(name).(type) {
	case nil:
	case string:
		*s = v
	default:
		return fmt.Errorf("%s: want a string, got %s", name, describe(v))
	}
	return nil
}

// lines takes a text that may be a list of lines; a missing one is empty.
func (f fields) lines(s *string, name string) error {
	v := f.take(name)
	if v == nil {
		return nil
	}
	text, ok := joinLines(v)
	if !ok {
		return fmt.Errorf("%s: want a string or a list of strings, got %s", name, describe(v))
	}
	*s = text
	return nil
}

// object takes an object; a missing one is empty.
func (f fields) object(name string) (map[string]any, error) {
	switch v := f.take(name).(type) {
	case nil:
		return map[string]any{}, nil
	case map[string]any:
		return v, nil
	default:
		return nil, fmt.Errorf("%s: want an object, got %s", name, describe(v))
	}
}

// list takes a list; a missing one is empty.
func (f fields) list(name string) ([]any, error) {
	switch v := f.take(name).(type) {
	case nil:
		return nil, nil
	case []any:
		return v, nil
	default:
		return nil, fmt.Errorf("%s: want a list, got %s", name, describe(v))
	}
}

// count takes a number that counts something; null and a missing one are 0.
func (f fields) count(name string) (int, error) {
	v := f.take(name)
	if v == nil {
		return 0, nil
	}
	number, _ := v.(json.Number)
	n, err := strconv.Atoi(number.String())
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s: want a whole number, got %s", name, describe(v))
	}
	return n, nil
}

// rest is what was not taken, nil for nothing.
func (f fields) rest() map[string]any {
	if len(f) == 0 {
		return nil
	}
	return f
}

func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	case string:
		return strconv.Quote(v)
	case []any:
		return "a list"
	default:
		return "an object"
	}
}
