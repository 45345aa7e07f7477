package parts_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/parts"
)

func ExampleSite_Start() {
	web, err := parts.Site{Pages: 15, Latency: parts.LogNormal(2*time.Millisecond, 0.5), Seed: 1}.Start()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer web.Close()
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	resp, err := http.Get(web.Page(3))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	page, _ := io.ReadAll(resp.Body)
	fmt.Println(web.Title(3), strings.Contains(string(page), "<h1>3. Dune"))
	fmt.Println(web.Counters().Requests, "request,", len(web.Pages()), "pages,", web.Label())
	// Output:
	// 3. Dune & Island true
	// 1 request, 15 pages, net/http, server in this process
}

func ExampleTitle() {
	fmt.Println(parts.Title(1))
	// Output: 1. Bridge & Harbour
}

func draw(l parts.Latency) time.Duration { return l(rand.New(rand.NewPCG(1, 1))) }

func ExampleConstant() {
	fmt.Println(draw(parts.Constant(time.Second)))
	// Output: 1s
}

func ExampleUniform() {
	d := draw(parts.Uniform(time.Second, 2*time.Second))
	fmt.Println(d >= time.Second && d < 2*time.Second)
	// Output: true
}

func ExampleExponential() {
	fmt.Println(draw(parts.Exponential(time.Millisecond)) > 0)
	// Output: true
}

func ExampleLogNormal() {
	fmt.Println(draw(parts.LogNormal(time.Millisecond, 0)))
	// Output: 1ms
}

func ExampleMixed() {
	stalls := parts.Mixed(parts.Constant(time.Millisecond), parts.Constant(time.Second), 1)
	fmt.Println(draw(stalls))
	// Output: 1s
}

func ExampleMeasured() {
	fmt.Println(draw(parts.Measured(944 * time.Millisecond)))
	// Output: 944ms
}

func ExampleMakeFiles() {
	files, err := parts.MakeFiles("", 10, 64<<10, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer files.Close()
	fmt.Println(len(files.Paths), files.Warm(), files.Label())
	// Output: 10 <nil> files, warm page cache
}

func ExampleFiles_Cold() {
	files, err := parts.MakeFiles("", 10, 64<<10, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer files.Close()
	cached, err := files.Cold()
	if err == nil && cached < 0.5 {
		fmt.Println("reading them now is reading the disk")
	}
}

func ExampleLabel() {
	fmt.Println(parts.Label{Name: "FerretDB", Version: "1.24.0", StandIn: "MongoDB", Where: parts.Private})
	// Output: FerretDB 1.24.0 (stand-in for MongoDB), private server on this machine
}
