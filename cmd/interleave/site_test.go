package main

import (
	"html"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	reference = regexp.MustCompile(`\b(href|src)="([^"]*)"`)
	anchor    = regexp.MustCompile(`\bid="([^"]*)"`)
)

// TestSiteOfTheNotebooks makes the site of the ready notebooks and follows
// every link in it. The pages need nothing that is not in them.
func TestSiteOfTheNotebooks(t *testing.T) {
	site := t.TempDir()
	var stdout, stderr strings.Builder
	if code := run([]string{"report", "../../notebooks", "-o", site}, &stdout, &stderr, newEngine); code != 0 {
		t.Fatalf("exit %d\n%s", code, &stderr)
	}
	pages := map[string]string{}
	files, err := filepath.Glob(filepath.Join(site, "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pages[filepath.Base(file)] = string(text)
	}
	for name, text := range pages {
		t.Run(name, func(t *testing.T) { followLinks(t, pages, text) })
	}
	inOrder(t, pages)
}

// followLinks checks what a page refers to.
func followLinks(t *testing.T, pages map[string]string, text string) {
	ids := map[string]bool{"": true}
	for _, m := range anchor.FindAllStringSubmatch(text, -1) {
		ids[html.UnescapeString(m[1])] = true
	}
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		to, err := url.PathUnescape(html.UnescapeString(m[2]))
		if err != nil {
			t.Error(err)
		}
		switch {
		case strings.HasPrefix(to, "data:"):
		case m[1] == "src":
			t.Errorf("it loads %s", to)
		case strings.Contains(to, "://"): // for the reader to follow
		case strings.HasPrefix(to, "#"):
			if !ids[to[1:]] {
				t.Errorf("%s leads nowhere", to)
			}
		case strings.HasSuffix(to, ".html") && pages[to] == "":
			t.Errorf("%s is not in the site", to)
		}
	}
}

// inOrder checks that the index lists every page by its number, and that pages
// lead from one to the next.
func inOrder(t *testing.T, pages map[string]string) {
	t.Helper()
	want := slices.DeleteFunc(slices.Sorted(maps.Keys(pages)), func(name string) bool { return name == "index.html" })
	var got []string
	for _, m := range reference.FindAllStringSubmatch(pages["index.html"], -1) {
		if strings.HasSuffix(m[2], ".html") && !slices.Contains(got, m[2]) {
			got = append(got, m[2])
		}
	}
	if len(want) < 5 || !slices.Equal(got, want) {
		t.Errorf("the index lists %q, want %q", got, want)
	}
	for i := range len(want) - 1 {
		if !strings.Contains(pages[want[i]], `rel="next" href="`+want[i+1]+`"`) {
			t.Errorf("%s does not lead to %s", want[i], want[i+1])
		}
	}
}
