package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/atomicfile"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/report"
)

// site writes a report of every notebook in a folder, and the page that lists
// them.
func (a *app) site(dir string, o reportOptions) error {
	if o.out == "" || o.out == standard {
		return usagef("%s is a folder: say where its reports go, with -o SITE", dir)
	}
	pages, err := sitePages(dir, o.out)
	if err != nil {
		return &usageError{err}
	}
	if len(pages) == 0 {
		return usagef("%s holds no notebook", dir)
	}
	if err := writable(o.out); err != nil {
		return &usageError{err}
	}
	for i := range pages {
		if err := writePage(dir, pages, i, o); err != nil {
			return fmt.Errorf("%s: %w", pages[i].File, err)
		}
	}
	var b bytes.Buffer
	if err := report.WriteIndex(&b, siteTitle(dir), pages); err != nil {
		return err
	}
	index := filepath.Join(o.out, "index.html")
	if err := atomicfile.Write(index, b.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s and %d reports\n", index, len(pages))
	return nil
}

// siteTitle is the name of the folder.
func siteTitle(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "Notebooks"
	}
	return filepath.Base(abs)
}

// sitePages reads the notebooks of a folder and those below it, in the order of
// their names. Hidden files and folders, such as checkpoints, are passed over.
func sitePages(dir, out string) ([]report.Page, error) {
	var pages []report.Page
	taken := map[string]bool{"index.html": true}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != dir && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case d.IsDir() && sameFile(name, out) && name != dir:
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".ipynb" || strings.HasPrefix(d.Name(), "."):
			return nil
		}
		p, err := readPage(dir, name)
		if err != nil {
			return err
		}
		if taken[p.Address] {
			p.Address = p.File + ".html"
		}
		taken[p.Address] = true
		pages = append(pages, p)
		return nil
	})
	return pages, err
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

func readPage(dir, name string) (report.Page, error) {
	n, err := notebook.ReadFile(name)
	if err != nil {
		return report.Page{}, err
	}
	rel, err := filepath.Rel(dir, name)
	if err != nil {
		return report.Page{}, err
	}
	file := filepath.ToSlash(rel)
	title, err := report.Title(n, path.Base(file))
	if err != nil {
		return report.Page{}, err
	}
	address := strings.TrimSuffix(file, ".ipynb") + ".html"
	return report.Page{Link: report.Link{Title: title, Address: address}, File: file, Notebook: n}, nil
}

// writePage writes the report of one notebook of a site.
func writePage(dir string, pages []report.Page, i int, o reportOptions) error {
	p := pages[i]
	to := filepath.Join(o.out, filepath.FromSlash(p.Address))
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	s := &report.Site{
		Index: report.Link{Title: siteTitle(dir), Address: between(p.Address, "index.html")},
		Page:  func(link string) string { return linked(pages, p, link) },
	}
	if i > 0 {
		s.Previous = &report.Link{Title: pages[i-1].Title, Address: between(p.Address, pages[i-1].Address)}
	}
	if i+1 < len(pages) {
		s.Next = &report.Link{Title: pages[i+1].Title, Address: between(p.Address, pages[i+1].Address)}
	}
	page, err := reportWith(filepath.Join(dir, filepath.FromSlash(p.File)), p.Notebook, report.Options{Trusted: o.trusted, Site: s})
	if err != nil {
		return err
	}
	return atomicfile.Write(to, page)
}

// linked is the address of the report of the notebook that a page links to.
func linked(pages []report.Page, from report.Page, link string) string {
	file := path.Join(path.Dir(from.File), link)
	for _, p := range pages {
		if p.File == file {
			return between(from.Address, p.Address)
		}
	}
	return ""
}

// between is the address of one page of a site as another links to it.
func between(from, to string) string {
	rel, err := filepath.Rel(filepath.FromSlash(path.Dir(from)), filepath.FromSlash(to))
	if err != nil { // both are relative to the site
		return to
	}
	return filepath.ToSlash(rel)
}
