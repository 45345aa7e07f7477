package labextension_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts/labextension"
)

func TestInstallAndUninstall(t *testing.T) {
	data := t.TempDir()
	if err := labextension.Check(data); !errors.Is(err, labextension.ErrMissing) {
		t.Errorf("before: %v, want ErrMissing", err)
	}
	for range 2 {
		if err := labextension.Install(data, "1.2"); err != nil {
			t.Fatal(err)
		}
		if err := labextension.Check(data); err != nil {
			t.Error(err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(data, "labextensions"))
	if err != nil || len(entries) != 1 {
		t.Errorf("labextensions holds %v, %v; want one folder", entries, err)
	}
	if err := labextension.Uninstall(data); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(data); err != nil || len(left) != 0 {
		t.Errorf("uninstall left %v, %v", left, err)
	}
	if err := labextension.Uninstall(data); err != nil {
		t.Errorf("nothing to uninstall: %v", err)
	}
}

// Every file that another version changes is noticed.
func TestOld(t *testing.T) {
	for _, name := range []string{
		"labextensions/interleave-charts/static/remoteEntry.js",
		"labextensions/interleave-charts/static/runtime.js",
		"nbextensions/interleave-charts/runtime.js",
	} {
		data := t.TempDir()
		if err := labextension.Install(data, "1"); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(data, filepath.FromSlash(name)), []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := labextension.Check(data); !errors.Is(err, labextension.ErrOld) {
			t.Errorf("%s: %v, want ErrOld", name, err)
		}
		if err := labextension.Install(data, "2"); err != nil || labextension.Check(data) != nil {
			t.Errorf("%s: not renewed: %v", name, err)
		}
	}
}

func TestForeignIsLeftAlone(t *testing.T) {
	data := t.TempDir()
	theirs := filepath.Join(data, "labextensions", labextension.Name, "package.json")
	if err := errors.Join(os.MkdirAll(filepath.Dir(theirs), 0o700), os.WriteFile(theirs, []byte(`{"name":"x"}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := labextension.Install(data, "1"); !errors.Is(err, labextension.ErrForeign) {
		t.Errorf("install: %v, want ErrForeign", err)
	}
	if err := labextension.Uninstall(data); !errors.Is(err, labextension.ErrForeign) {
		t.Errorf("uninstall: %v, want ErrForeign", err)
	}
	if text, err := os.ReadFile(theirs); err != nil || string(text) != `{"name":"x"}` {
		t.Errorf("their file is now %q, %v", text, err)
	}
}

// JupyterLab shows licences by this file.
func TestLicences(t *testing.T) {
	data := t.TempDir()
	if err := labextension.Install(data, "1.2"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(data, "labextensions", labextension.Name, "static", "third-party-licenses.json"))
	if err != nil {
		t.Fatal(err)
	}
	var licences struct {
		Packages []struct {
			Name, VersionInfo, LicenseID, ExtractedText string
		}
	}
	if err := json.Unmarshal(text, &licences); err != nil || len(licences.Packages) != 1 {
		t.Fatalf("%v in %s", err, text)
	}
	if p := licences.Packages[0]; p.VersionInfo == "" || !strings.Contains(p.ExtractedText, "Apache License") || !strings.Contains(p.ExtractedText, "Mike Bostock") {
		t.Errorf("licences of %s %s: %.100s", p.Name, p.VersionInfo, p.ExtractedText)
	}
}
