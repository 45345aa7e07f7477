// Package labextension makes charts live in Jupyter's front ends: it writes an
// extension for JupyterLab 4 and Notebook 7, which draws charts by their MIME
// type, also in notebooks that are not trusted, and one file for the classic
// notebook, which the loader in a chart's HTML looks for. Both are complete:
// nothing is fetched from a network, and neither pip nor npm is needed.
package labextension

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/interleave-lab/interleave/charts/runtime"
)

// Name is the name of the extension, in JupyterLab's list and as a folder.
const Name = "interleave-charts"

var (
	// ErrMissing is returned by Check where there is no extension of ours.
	ErrMissing = errors.New("the extension that draws charts is missing")
	// ErrOld is returned by Check where there is another version of it.
	ErrOld = errors.New("the extension that draws charts is of another version")
	// ErrForeign is returned instead of touching an extension that is not ours.
	ErrForeign = errors.New("another extension has this name")
)

//go:embed remoteEntry.js
var remoteEntry string

// manifest is what JupyterLab reads of an extension's package.json
// (jupyterlab_server, config.py: get_federated_extensions).
type manifest struct {
	Name        string  `json:"name"`
	Version     string  `json:"version"`
	Description string  `json:"description"`
	License     string  `json:"license"`
	Lab         lab     `json:"jupyterlab"`
	Ours        content `json:"interleave"`
}

type lab struct {
	MIMEExtension bool  `json:"mimeExtension"`
	Build         build `json:"_build"`
}

type build struct {
	Load          string `json:"load"`
	MIMEExtension string `json:"mimeExtension"`
}

// content marks our extension, and says which one it is.
type content struct {
	Content string `json:"content"`
}

// files are those of the JupyterLab extension by their names.
func files(version string) (map[string][]byte, error) {
	scripts := map[string][]byte{
		"static/remoteEntry.js": []byte(remoteEntry),
		"static/runtime.js":     []byte(runtime.Script()),
	}
	sum := checksum(scripts)
	m := manifest{
		Name: Name, Version: version, License: "Apache-2.0",
		Description: "Draws the charts of Interleave, a Jupyter kernel for Go.",
		// Browsers may keep what has a v for years.
		Lab:  lab{true, build{"static/remoteEntry.js?v=" + sum[:16], "./mimeExtension"}},
		Ours: content{sum},
	}
	for name, value := range map[string]any{
		"package.json": m,
		"install.json": map[string]string{
			"packageManager": "interleave", "packageName": "interleave", "uninstallInstructions": "interleave uninstall",
		},
		"static/third-party-licenses.json": licences(),
	} {
		text, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		scripts[name] = append(text, '\n')
	}
	return scripts, nil
}

// checksum is that of files with their names.
func checksum(files map[string][]byte) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n%s", name, len(files[name]), files[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// licences are in the form JupyterLab shows under Help, Licenses.
func licences() any {
	type pkg struct {
		Name      string `json:"name"`
		Version   string `json:"versionInfo"`
		LicenseID string `json:"licenseId"`
		Text      string `json:"extractedText"`
	}
	return map[string][]pkg{"packages": {{
		"Apache ECharts, zrender, tslib and d3, bundled", runtime.Version(), "Apache-2.0 AND BSD-3-Clause AND 0BSD", runtime.Notices(),
	}}}
}

// Install writes the extension below data, a folder of Jupyter's data such as
// ~/.local/share/jupyter, and takes the place of an earlier one of ours. An
// extension of that name which is not ours is left alone; the error is
// ErrForeign. It writes about 3 MB.
func Install(data, version string) error {
	lab, classic := folders(data)
	if err := Check(data); errors.Is(err, ErrForeign) {
		return fmt.Errorf("install the extension: %w", err)
	}
	content, err := files(version)
	if err != nil {
		return fmt.Errorf("install the extension: %w", err)
	}
	err = errors.Join(replace(lab, content), replace(classic, map[string][]byte{"runtime.js": content["static/runtime.js"]}))
	if err != nil {
		return fmt.Errorf("install the extension: %w", err)
	}
	return nil
}

// folders are where JupyterLab and the classic notebook look.
func folders(data string) (lab, classic string) {
	return filepath.Join(data, "labextensions", Name), filepath.Join(data, "nbextensions", Name)
}

// replace writes a folder as a whole, so that no server ever reads half of it.
func replace(target string, content map[string][]byte) error {
	parent := filepath.Dir(target)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(parent, ".interleave-") // JupyterLab passes over what begins with a dot
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh) // nothing is left of it after a rename
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	for name, text := range content {
		path := filepath.Join(fresh, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, text, 0o644)); err != nil {
			return err
		}
	}
	return errors.Join(os.RemoveAll(target), os.Rename(fresh, target))
}

// Uninstall takes the extension away from below data. It is no error when
// there is none.
func Uninstall(data string) error {
	switch err := Check(data); {
	case errors.Is(err, ErrMissing):
		return nil
	case errors.Is(err, ErrForeign):
		return fmt.Errorf("uninstall the extension: %w", err)
	}
	lab, classic := folders(data)
	for _, folder := range []string{lab, classic} {
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("uninstall the extension: %w", err)
		}
		// Folders that hold nothing else were made by Install, or might have
		// been; one that is not empty stays.
		_ = os.Remove(filepath.Dir(folder))
	}
	return nil
}

// Check returns nil where the extension below data is the one this program
// installs, else ErrMissing, ErrOld or ErrForeign with the folder.
func Check(data string) error {
	lab, classic := folders(data)
	text, err := os.ReadFile(filepath.Join(lab, "package.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: no %s", ErrMissing, lab)
	}
	if err != nil {
		return fmt.Errorf("look for the extension: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Ours.Content == "" {
		return fmt.Errorf("%w: %s", ErrForeign, lab)
	}
	want, err := files("")
	if err != nil {
		return err
	}
	for _, name := range []string{"static/remoteEntry.js", "static/runtime.js"} {
		got, err := os.ReadFile(filepath.Join(lab, filepath.FromSlash(name)))
		if err != nil || string(got) != string(want[name]) {
			return fmt.Errorf("%w: %s", ErrOld, lab)
		}
	}
	if got, err := os.ReadFile(filepath.Join(classic, "runtime.js")); err != nil || string(got) != runtime.Script() {
		return fmt.Errorf("%w: %s", ErrOld, classic)
	}
	return nil
}
