package widgets_test

import (
	"fmt"

	"github.com/interleave-lab/interleave/lib/widgets"
)

func ExampleSlider() {
	workers := widgets.Slider("workers", 1, 16, 4)
	workers.OnChange(func(n int) { fmt.Println("now", n) })
	fmt.Println(workers)
	// Output: workers: 4
}

func ExampleStep() {
	fmt.Println(widgets.Step(widgets.Slider("share", 0, 1, 0.5), 0.25, false))
	// Output: share: 0.5
}

func ExampleDropdown() {
	fmt.Println(widgets.Dropdown("kind", "mutex", "channel"))
	// Output: kind: mutex
}

func ExampleCheckbox() {
	fmt.Println(widgets.Checkbox("shuffled", true))
	// Output: shuffled: true
}

func ExampleText() {
	fmt.Println(widgets.Text("name", "Ada"))
	// Output: name: Ada
}

func ExampleProgress() {
	bar := widgets.Progress("pages", 200)
	bar.Set(50)
	fmt.Println(bar)
	// Output: pages: 50
}

func ExampleButton() {
	fmt.Println(widgets.Button("run again").OnClick(func() { fmt.Println("running") }))
	// Output: [run again]
}

func ExampleRow() {
	fmt.Println(widgets.Row(widgets.Checkbox("a", true), widgets.Button("go")))
	// Output:
	// a: true
	// [go]
}

func ExampleColumn() {
	fmt.Println(widgets.Column(widgets.Slider("n", 1, 9, 3)))
	// Output: n: 3
}

func ExampleInteract() {
	widgets.Interact(widgets.Slider("n", 1, 9, 3), func(n int) any { return n * n })
	// Output:
	// n: 3
	// 9
}

func ExampleInteract2() {
	n, twice := widgets.Slider("n", 1, 9, 3), widgets.Checkbox("twice", true)
	widgets.Interact2(n, twice, func(n int, twice bool) any {
		if twice {
			return 2 * n
		}
		return n
	})
	// Output:
	// n: 3
	// twice: true
	// 6
}

func ExampleValue_Bind() {
	workers := 3
	fmt.Println(widgets.Slider("workers", 1, 8, 1).Bind(&workers))
	// Output: workers: 3
}

func ExampleValue_Get() {
	fmt.Println(widgets.Slider("workers", 1, 8, 12).Get())
	// Output: 8
}

func ExampleValue_Set() {
	name := widgets.Text("name", "")
	name.Set("Grace")
	fmt.Println(name.Get())
	// Output: Grace
}

func ExampleValue_OnChange() {
	fmt.Println(widgets.Checkbox("live", false).OnChange(func(on bool) { fmt.Println("live is", on) }))
	// Output: live: false
}

func ExamplePushButton_OnClick() {
	fmt.Println(widgets.Button("stop").OnClick(func() { fmt.Println("stopped") }))
	// Output: [stop]
}

func ExamplePushButton_Disable() {
	b := widgets.Button("run")
	b.Disable(true) // until it has been prepared
	fmt.Println(b)
	// Output: [run]
}

func ExampleGroup_Display() {
	d := widgets.Row(widgets.Button("a"), widgets.Button("b")).Display()
	fmt.Println(d.Bundle["text/html"]) // where there are no widgets
	// Output: <div>[a] &nbsp; [b]</div>
}

func ExampleGroup_String() {
	fmt.Println(widgets.Row(widgets.Button("a"), widgets.Button("b")).String())
	// Output:
	// [a]
	// [b]
}

func ExamplePushButton_Display() {
	fmt.Println(widgets.Button("go").Display().Bundle["text/html"])
	// Output: <div>[go]</div>
}

func ExamplePushButton_String() {
	fmt.Println(widgets.Button("go").String())
	// Output: [go]
}
