package parts_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
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

func ExampleLabel_String() {
	fmt.Println(parts.Label{Name: "Redis", Version: "7.0.15", Where: "REDIS_URL"}.String())
	// Output: Redis 7.0.15, REDIS_URL
}

// withFiles makes some files and removes them.
func withFiles(f func(*parts.Files)) {
	files, err := parts.MakeFiles("", 4, 4096, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	f(files)
	files.Close()
}

func ExampleFiles_Warm() {
	withFiles(func(f *parts.Files) { fmt.Println(f.Warm()) })
	// Output: <nil>
}

func ExampleFiles_Label() {
	withFiles(func(f *parts.Files) { fmt.Println(f.Label()) })
	// Output: files, page cache as it is
}

func ExampleFiles_Cached() {
	withFiles(func(f *parts.Files) {
		if share, err := f.Cached(); err == nil {
			fmt.Printf("%.0f %% are in memory\n", 100*share)
		}
	})
}

func ExampleFiles_Close() {
	withFiles(func(f *parts.Files) { fmt.Println(f.Close()) })
	// Output: <nil>
}

// withSite starts a site of 15 pages and ends it.
func withSite(f func(*parts.Web)) {
	web, err := parts.Site{Pages: 15}.Start()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	defer web.Close()
	f(web)
}

func ExampleWeb_Page() {
	withSite(func(w *parts.Web) { fmt.Println(strings.TrimPrefix(w.Page(7), w.URL)) })
	// Output: /page/7
}

func ExampleWeb_Pages() {
	withSite(func(w *parts.Web) { fmt.Println(len(w.Pages())) })
	// Output: 15
}

func ExampleWeb_Title() {
	withSite(func(w *parts.Web) { fmt.Println(w.Title(1)) })
	// Output: 1. Bridge & Harbour
}

func ExampleWeb_Label() {
	withSite(func(w *parts.Web) { fmt.Println(w.Label()) })
	// Output: net/http, server in this process
}

func ExampleWeb_Counters() {
	withSite(func(w *parts.Web) {
		if resp, err := http.Get(w.Page(1)); err == nil {
			resp.Body.Close()
		}
		c := w.Counters()
		fmt.Println(c.Requests, c.Peak, c.Connections)
	})
	// Output: 1 1 1
}

func ExampleWeb_ServeHTTP() {
	withSite(func(w *parts.Web) {
		answer := httptest.NewRecorder() // without a connection
		w.ServeHTTP(answer, httptest.NewRequest("GET", "/page/2", nil))
		fmt.Println(answer.Code)
	})
	// Output: 200
}

func ExampleWeb_Close() {
	withSite(func(w *parts.Web) { fmt.Println(w.Close()) })
	// Output: <nil>
}
