package timeline_test

import (
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/lib/timeline"
)

// run is two consumers, which overlap for a second.
var run = timeline.Timeline{
	Name: "run",
	Spans: []timeline.Span{
		{Lane: "consumer 10", Kind: "wait", To: time.Second},
		{Lane: "consumer 2", Kind: "work", Item: "item 1", To: 3 * time.Second},
		{Lane: "consumer 10", Kind: "work", Item: "item 2", From: 2 * time.Second, To: 5 * time.Second},
	},
	Tracks: []timeline.Track{{Name: "queue", Points: []timeline.Point{{At: 0, Value: 2}, {At: time.Second, Value: 1}}}},
}

func ExampleSpan_Duration() {
	fmt.Println(run.Spans[2].Duration())
	// Output: 3s
}

func ExampleTimeline_Total() {
	fmt.Println(run.Total())
	// Output: 5s
}

func ExampleTimeline_Lanes() {
	fmt.Println(run.Lanes())
	// Output: [consumer 2 consumer 10]
}

func ExampleTimeline_Kinds() {
	fmt.Println(run.Kinds())
	// Output: [wait work]
}

func ExampleTimeline_Only() {
	fmt.Println(len(run.Only("work").Spans))
	// Output: 2
}

func ExampleTimeline_Peak() {
	fmt.Println(run.Only("work").Peak())
	// Output: 2
}

func ExampleTimeline_Work() {
	fmt.Println(run.Only("work").Work())
	// Output: 6s
}

func ExampleTimeline_Track() {
	fmt.Println(run.Track("queue").Points[1].Value)
	// Output: 1
}

func ExampleTrack_Max() {
	fmt.Println(run.Track("queue").Max())
	// Output: 2
}

func ExampleStart() {
	r := timeline.Start("run")
	end := r.Span("consumer 1", "work", "item 1")
	end()
	fmt.Println(r.Timeline().Lanes())
	// Output: [consumer 1]
}

func ExampleRecorder_Span() {
	r := timeline.Start("run")
	func() {
		defer r.Span("consumer 1", "work", "item 1")()
	}()
	fmt.Println(r.Timeline().Spans[0].Item)
	// Output: item 1
}

func ExampleRecorder_Point() {
	r := timeline.Start("run")
	r.Point("depth", 3)
	fmt.Println(r.Timeline().Track("depth").Max())
	// Output: 3
}

func ExampleRecorder_Add() {
	r := timeline.Start("run")
	r.Add("depth", 1)
	r.Add("depth", 1)
	r.Add("depth", -1)
	fmt.Println(r.Timeline().Track("depth").Max())
	// Output: 2
}

func ExampleRecorder_Since() {
	r := timeline.Start("run")
	fmt.Println(r.Since() >= 0)
	// Output: true
}

func ExampleRecorder_Timeline() {
	r := timeline.Start("run")
	fmt.Println(r.Timeline().Name, len(r.Timeline().Spans))
	// Output: run 0
}
