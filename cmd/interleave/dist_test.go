package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestRelease builds a release for this platform, in the fast form, and looks
// at what people would get.
func TestRelease(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("releases are built on Linux")
	}
	dir := t.TempDir()
	const version = "v0.0.0-test"
	platform := runtime.GOOS + "/" + runtime.GOARCH
	shellOut(t, append(os.Environ(), "DIST="+filepath.Join(dir, "dist")), "../../.ci/dist", "--fast", version, platform)
	name := "interleave-" + version + "-" + strings.ReplaceAll(platform, "/", "-")
	archive := filepath.Join(dir, "dist", name+".tar.gz")
	summed(t, archive)
	files := unpack(t, archive, filepath.Join(dir, "unpacked"))
	for _, want := range []string{"LICENSE", "README.md", "CHANGELOG.md", "LICENSES-OF-OTHERS.txt", "interleave"} {
		if files[name+"/"+want] == "" {
			t.Errorf("the archive lacks %s", want)
		}
	}
	exe := files[name+"/interleave"]
	out, err := exec.Command(exe, "version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "interleave "+version+" ") {
		t.Errorf("it says of its version %q, %v", out, err)
	}
	licensed(t, exe, files[name+"/LICENSES-OF-OTHERS.txt"])
}

// summed checks the line of an archive in SHA256SUMS.
func summed(t *testing.T, archive string) {
	t.Helper()
	content, err1 := os.ReadFile(archive)
	sums, err2 := os.ReadFile(filepath.Join(filepath.Dir(archive), "SHA256SUMS"))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%x  %s\n", sha256.Sum256(content), filepath.Base(archive)); string(sums) != want {
		t.Errorf("SHA256SUMS holds %q, want %q", sums, want)
	}
}

// unpack writes the files of an archive into a folder and returns where each
// is.
func unpack(t *testing.T, archive, to string) map[string]string {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if !h.ModTime.Equal(h.ModTime.UTC().Truncate(24*60*60*1e9)) || h.Uid != 0 {
			t.Errorf("%s is of %v and user %d: the archive would differ each time", h.Name, h.ModTime, h.Uid)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(to, filepath.FromSlash(h.Name))
		err = errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o700))
		if err != nil {
			t.Fatal(err)
		}
		files[h.Name] = path
	}
}

// licensed checks that the notices hold the licence of every module which an
// executable was built from.
func licensed(t *testing.T, exe, notices string) {
	t.Helper()
	text, err := os.ReadFile(notices)
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Deps) < 10 {
		t.Fatalf("the executable was built from %d modules", len(info.Deps))
	}
	for _, m := range info.Deps {
		_, rest, ok := strings.Cut(string(text), "======== "+m.Path+" "+m.Version+"\n")
		notice, _, _ := strings.Cut(rest, "\n========")
		if lower := strings.ToLower(notice); !ok || !strings.Contains(lower, "copyright") {
			t.Errorf("the notices lack the licence of %s %s", m.Path, m.Version)
		}
	}
}
