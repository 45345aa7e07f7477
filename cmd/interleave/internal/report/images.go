package report

import (
	"bytes"
	"encoding/base64"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
)

// maxImage is the size of the largest file that is put into a report.
const maxImage = 20 << 20

// pictures are the image types that are shown. An SVG in an img element runs
// no script and loads nothing.
var pictures = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml",
}

// image returns an image as a data URI: data stays, attachments of the cell
// and files beside the notebook are put in, anything else is not to be had
// without a network.
func (r *renderer) image(c *notebook.Cell) func(string) string {
	return func(src string) string {
		if isData(src, "image/") {
			return src
		}
		u, err := url.Parse(src)
		if err != nil {
			return ""
		}
		switch u.Scheme {
		case "attachment":
			name, err := url.PathUnescape(u.Opaque)
			if err != nil {
				return ""
			}
			return attachment(c, name)
		case "":
			if u.Host == "" {
				return r.file(u.Path)
			}
		}
		return ""
	}
}

func attachment(c *notebook.Cell, name string) string {
	bundle, _ := c.Attachments[name].(map[string]any)
	for _, mime := range pictures {
		if s, ok := bundle[mime].(string); ok {
			return dataURI(mime, s)
		}
	}
	return ""
}

// file reads an image beside the notebook.
func (r *renderer) file(name string) string {
	mime, ok := pictures[strings.ToLower(path.Ext(name))]
	if !ok || r.opt.Files == nil || !fs.ValidPath(path.Clean(name)) {
		return ""
	}
	f, err := r.opt.Files.Open(path.Clean(name))
	if err != nil {
		return ""
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxImage+1))
	if err != nil || len(raw) > maxImage {
		return ""
	}
	return "data:" + mime + ";base64," + base64.StdEncoding.EncodeToString(raw)
}

// dataURI is the address of content as a notebook holds it: SVG as text,
// everything else as base64. It is empty for base64 that is none.
func dataURI(mime, content string) string {
	if mime == "image/svg+xml" {
		return "data:" + mime + ";base64," + base64.StdEncoding.EncodeToString([]byte(content))
	}
	compact := strings.Join(strings.Fields(content), "")
	if _, err := io.Copy(io.Discard, base64.NewDecoder(base64.StdEncoding, bytes.NewReader([]byte(compact)))); err != nil {
		return ""
	}
	return "data:" + mime + ";base64," + compact
}
