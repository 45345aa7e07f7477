// Encoding: JSON with custom types, gob and CSV round trips.
package main

import (
	"bytes"
	"encoding/csv"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

type Cents int

func (c Cents) MarshalJSON() ([]byte, error) {
	return []byte(fmt.Sprintf(`"%d.%02d"`, c/100, c%100)), nil
}
func (c *Cents) UnmarshalJSON(b []byte) error {
	var e, ct int
	if _, err := fmt.Sscanf(strings.Trim(string(b), `"`), "%d.%d", &e, &ct); err != nil {
		return fmt.Errorf("price %s: %w", b, err)
	}
	*c = Cents(e*100 + ct)
	return nil
}

type Color int

const (
	Red Color = iota + 1
	Green
)

func (c Color) MarshalText() ([]byte, error) { return []byte([]string{"none", "red", "green"}[c]), nil }
func (c *Color) UnmarshalText(b []byte) error {
	switch string(b) {
	case "red":
		*c = Red
	case "green":
		*c = Green
	default:
		return errors.New("unknown color " + string(b))
	}
	return nil
}

type Item struct {
	SKU     string         `json:"sku"`
	Price   Cents          `json:"price"`
	Colors  map[Color]int  `json:"colors,omitempty"`
	Attrs   map[string]any `json:"attrs,omitempty"`
	Added   time.Time      `json:"added,omitzero"`
	Parent  *Item          `json:"parent,omitempty"`
	private string
	Raw     json.RawMessage `json:"raw,omitempty"`
	embedded
}
type embedded struct {
	Note string `json:"note"`
}

func main() {
	it := Item{SKU: "a-1", Price: 1999, Colors: map[Color]int{Red: 2, Green: 1}, Parent: &Item{SKU: "p"}, Raw: json.RawMessage(`[1,2]`), embedded: embedded{"n"}, Attrs: map[string]any{"x": 1.5, "a": []int{1}}}
	b, err := json.MarshalIndent(it, "", "  ")
	fmt.Println(string(b), err)
	var back Item
	err = json.Unmarshal(b, &back)
	fmt.Println(err, back.Price, back.Colors, back.Parent.SKU, back.Note, string(back.Raw) != "", back.Attrs["x"])
	fmt.Println(json.Unmarshal([]byte(`{"colors":{"blue":1}}`), &back))
	fmt.Println(json.Unmarshal([]byte(`{"price":"x"}`), &back))
	fmt.Println(json.Unmarshal([]byte(`{"sku":1}`), &back))
	fmt.Println(json.Unmarshal([]byte(`{"sku":"a",}`), &back))
	dec := json.NewDecoder(strings.NewReader(`{"sku":"z","extra":1}`))
	dec.DisallowUnknownFields()
	fmt.Println(dec.Decode(&back))
	var buf bytes.Buffer
	gob.Register(map[string]any{})
	type flat struct {
		Name string
		N    []int
		Any  any
	}
	fmt.Println(gob.NewEncoder(&buf).Encode(flat{"g", []int{1, 2}, map[string]any{"k": "v"}}))
	var fl flat
	fmt.Println(gob.NewDecoder(&buf).Decode(&fl), fl)
	w := csv.NewWriter(os.Stdout)
	w.WriteAll([][]string{{"name", "quote"}, {"a,b", `say "hi"`}})
	recs, err := csv.NewReader(strings.NewReader("a;b\n# skip\nc;d\n")).ReadAll()
	fmt.Println(len(recs), err)
}
