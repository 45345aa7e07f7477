package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

func TestFilesAreFresh(t *testing.T) {
	for name, want := range files() {
		got, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) && !alike(t, got, want) {
			t.Errorf("%s is not what drawlogo draws: run go generate ./kernel/kernelspec", name)
		}
	}
}

// alike compares pictures but for what another compressor or another rounding
// may change.
func alike(t *testing.T, a, b []byte) bool {
	t.Helper()
	if !bytes.HasPrefix(a, []byte("\x89PNG")) {
		return false
	}
	x, y := decode(t, a), decode(t, b)
	if x.Rect != y.Rect || len(x.Pix) != len(y.Pix) {
		return false
	}
	for i := range x.Pix {
		if d := int(x.Pix[i]) - int(y.Pix[i]); d < -2 || d > 2 {
			return false
		}
	}
	return true
}

func decode(t *testing.T, text []byte) *image.NRGBA {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return picture.(*image.NRGBA)
}

func TestRaster(t *testing.T) {
	for _, size := range []int{32, 64} {
		picture := decode(t, raster(size))
		if b := picture.Bounds(); b.Dx() != size || b.Dy() != size {
			t.Errorf("picture has %v, want %d pixels in both directions", b, size)
		}
		if _, _, _, a := picture.At(0, 0).RGBA(); a > 0x8000 {
			t.Errorf("%d pixels: the corner is not transparent", size)
		}
		if _, _, _, a := picture.At(size/2, 2).RGBA(); a != 0xffff {
			t.Errorf("%d pixels: the ground is not opaque", size)
		}
	}
}
