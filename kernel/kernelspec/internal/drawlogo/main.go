// Command drawlogo draws the logo of the kernel: two strands that pass over and
// under each other, as goroutines and cells do. It writes logo-svg.svg,
// logo-32x32.png and logo-64x64.png into the folder it is given; all three come
// from the same curves.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: drawlogo FOLDER")
		os.Exit(2)
	}
	for name, content := range files() {
		if err := os.WriteFile(filepath.Join(os.Args[1], name), content, 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "write logo:", err)
			os.Exit(1)
		}
	}
}

// files are the pictures by the names under which Jupyter looks for them.
func files() map[string][]byte {
	return map[string][]byte{
		"logo-svg.svg":   svg(),
		"logo-32x32.png": raster(32),
		"logo-64x64.png": raster(64),
	}
}
