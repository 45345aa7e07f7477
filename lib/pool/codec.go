package pool

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"reflect"
)

// Codec turns values into bytes for other processes.
type Codec interface {
	Marshal(v any) ([]byte, error)
	Unmarshal(b []byte, v any) error
}

// The codecs of this package. Gob keeps all types of Go but functions and
// channels, and skips fields that are not exported. JSON is what other
// languages read.
var (
	Gob  Codec = gobCodec{}
	JSON Codec = jsonCodec{}
)

type gobCodec struct{}

func (gobCodec) Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(v)
	return b.Bytes(), err
}

func (gobCodec) Unmarshal(b []byte, v any) error { return gob.NewDecoder(bytes.NewReader(b)).Decode(v) }

type jsonCodec struct{}

func (jsonCodec) Marshal(v any) ([]byte, error) { return json.Marshal(v) }

func (jsonCodec) Unmarshal(b []byte, v any) error { return json.Unmarshal(b, v) }

// box holds a value, because gob sends nil pointers and interfaces only inside
// of something.
type box[T any] struct{ V T }

// encode encodes *v. A value without any bits, such as struct{}{}, is nothing.
func encode[T any](c Codec, v *T) ([]byte, error) {
	if reflect.TypeFor[T]().Size() == 0 {
		return nil, nil
	}
	return c.Marshal(box[T]{*v})
}

func decode[T any](c Codec, b []byte, v *T) error {
	if reflect.TypeFor[T]().Size() == 0 {
		return nil
	}
	var x box[T]
	err := c.Unmarshal(b, &x)
	*v = x.V
	return err
}
