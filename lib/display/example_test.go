package display_test

import (
	"fmt"
	"image"
	"os"
	"path/filepath"

	"github.com/interleave-lab/interleave/lib/display"
)

// In a plain program, as here, the plain text of what is shown is printed; in
// a notebook the front end shows the richest form it knows.

func ExampleShow() {
	display.Show(display.HTML("<b>bold</b> and <i>italic</i>"), 42, []string{"a", "b"})
	// Output:
	// bold and italic
	// 42
	// [a b]
}

func ExampleHTML() {
	display.Show(display.HTML("<table><tr><td>x</td><td>1 &lt; 2</td></tr></table>"))
	// Output: x	1 < 2
}

func ExampleMarkdown() {
	display.Show(display.Markdown("*important*"))
	// Output: *important*
}

func ExampleLaTeX() {
	display.Show(display.LaTeX(`speed-up $T_1/T_n$`))
	// Output: speed-up $T_1/T_n$
}

func ExampleMath() {
	display.Show(display.Math(`\frac{T_1}{T_n}`))
	// Output: $$\frac{T_1}{T_n}$$
}

func ExampleText() {
	display.Show(display.Text("as it is"))
	// Output: as it is
}

func ExampleSVG() {
	display.Show(display.SVG(`<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>`))
	// Output: SVG image, 61 bytes
}

func ExamplePNG() {
	png, err := os.ReadFile("testdata/dot.png")
	if err != nil {
		fmt.Println(err)
	}
	display.Show(display.PNG(png))
	// Output: PNG image, 69 bytes
}

func ExampleJPEG() {
	display.Show(display.JPEG([]byte("\xff\xd8\xff")))
	// Output: JPEG image, 3 bytes
}

func ExamplePDF() {
	display.Show(display.PDF([]byte("%PDF-1.7")))
	// Output: PDF document, 8 bytes
}

func ExampleImage() {
	display.Show(display.Image(image.NewGray(image.Rect(0, 0, 4, 3))))
	// Output: *image.Gray 4x3
}

func ExampleJSON() {
	display.Show(display.JSON(map[string]int{"workers": 4, "items": 20}))
	// Output:
	// {
	//   "items": 20,
	//   "workers": 4
	// }
}

func ExampleJavaScript() {
	display.Show(display.JavaScript(`element.textContent = "hello"`))
	// Output: JavaScript
}

func ExampleAny() {
	display.Show(display.Any("application/geo+json", `{"type": "Point", "coordinates": [7.6, 47.5]}`))
	// Output: application/geo+json data
}

func ExampleBundle() {
	display.Show(display.Bundle(map[string]any{
		"text/html":  "<progress value=3 max=4></progress>",
		"text/plain": "3 of 4",
	}))
	// Output: 3 of 4
}

func ExampleFile() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "page.html")
	if err := os.WriteFile(path, []byte("<b>hello</b>"), 0o600); err != nil {
		fmt.Println(err)
	}
	d := display.File("", path)
	fmt.Println(d.Bundle["text/html"])
	// Output: <b>hello</b>
}

func ExampleLive() {
	h := display.Live("0 %")
	for _, p := range []int{50, 100} {
		h.Update(fmt.Sprint(p, " %"))
	}
	// Output:
	// 0 %
	// 50 %
	// 100 %
}

func ExampleClear() {
	for frame := range 3 {
		display.Clear(true) // before the next output: no flicker
		display.Show(fmt.Sprint("frame ", frame))
	}
	// Output:
	// frame 0
	// frame 1
	// frame 2
}

type celsius float64

func (c celsius) Display() display.Data {
	return display.Bundle(map[string]any{
		"text/html":  fmt.Sprintf("<b>%.1f °C</b>", float64(c)),
		"text/plain": fmt.Sprintf("%.1f °C", float64(c)),
	})
}

// A type with a Display method shows itself wherever a value of it is shown.
func ExampleDisplayer() {
	display.Show(celsius(21.5))
	// Output: 21.5 °C
}

func ExampleOf() {
	d := display.Of(7, "x")
	fmt.Println(d.Bundle["text/plain"], d.Metadata)
	// Output: 7 x map[interleave:map[type:(int, string)]]
}

// A test may take what its code shows.
func ExampleSetSink() {
	previous := display.SetSink(counter{})
	defer display.SetSink(previous)
	display.Show(1)
	// Output: shown: map[text/plain:1]
}

type counter struct{}

func (counter) Show(d display.Data)   { fmt.Println("shown:", d.Bundle) }
func (counter) Update(d display.Data) { fmt.Println("updated:", d.Bundle) }
func (counter) Clear(wait bool)       { fmt.Println("cleared:", wait) }

func ExampleTable() {
	type result struct {
		Name    string
		Seconds float64
	}
	display.Show(display.Table([]result{{"sequential", 29.8}, {"concurrent", 5.1}}))
	// Output:
	// Name        Seconds
	// sequential     29.8
	// concurrent      5.1
}

func ExampleRows() {
	display.Show(display.Table(map[string]int{"a": 1, "b": 2, "c": 3}, display.Rows(2)))
	// Output:
	// a  1
	// b  2
	// … 1 more
}

func ExamplePhoto() {
	display.Show(display.Photo(image.NewGray(image.Rect(0, 0, 4, 3)), 90))
	// Output: *image.Gray 4x3
}

func ExampleHandle_Clear() {
	h := display.Live("working")
	h.Clear() // where outputs are updated nothing is left
	// Output: working
}

func ExampleAttached() {
	if !display.Attached() {
		fmt.Println("nobody takes what is shown: it is printed")
	}
	// Output: nobody takes what is shown: it is printed
}

func ExampleFlush() {
	previous := display.SetSink(counter{})
	defer display.SetSink(previous)
	h := display.Live(0)
	for i := range 100 {
		h.Set(i + 1)
	}
	display.Flush() // the last value has been shown now
	fmt.Println("100 values were set")
}

func ExampleString() {
	display.Show(display.String("as it is"))
	// Output: as it is
}

func ExampleLatex() {
	display.Show(display.Latex(`$T_1/T_n$`))
	// Output: $T_1/T_n$
}

func ExampleHandle_Update() {
	h := display.Live("waiting")
	h.Update("done")
	// Output:
	// waiting
	// done
}

func ExampleMakeData3() {
	display.Show(display.MakeData3(display.MIMETypeHTML, "bold", "<b>bold</b>"))
	// Output: bold
}

func ExampleAuto() {
	display.Show(display.Auto([]int{1, 2}))
	// Output: [1 2]
}

func ExampleMakeData() {
	display.Show(display.MakeData("text/plain", "plain"))
	// Output: plain
}

func ExamplePlain() {
	fmt.Println(display.Plain([]any{1, "a", nil}))
	fmt.Println(len(display.Plain(make([]int, 1_000_000))) < 70_000)
	// Output:
	// [1 a <nil>]
	// true
}

func ExampleData_Display() {
	d := display.Markdown("# title")
	fmt.Println(d.Display().Bundle["text/markdown"])
	// Output: # title
}

// A handle as the last expression of a cell shows nothing once more.
func ExampleHandle_Display() {
	h := display.Live("working")
	display.Show(h)
	// Output: working
}
