package kernelspec_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/kernel/kernelspec"
)

func spec(t *testing.T) kernelspec.Spec {
	t.Helper()
	s, err := kernelspec.New("/opt/bin/interleave", "1.0")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestInstall(t *testing.T) {
	data := filepath.Join(t.TempDir(), "share", "jupyter")
	dir, err := kernelspec.Install(data, "Interleave", spec(t))
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(data, "kernels", "interleave"); dir != want {
		t.Errorf("installed into %s, want %s", dir, want)
	}
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"display_name": "Go (Interleave)", "language": "go", "interrupt_mode": "message"}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s is %v, want %s", key, got[key], value)
		}
	}
	if argv := []any{"/opt/bin/interleave", "kernel", "{connection_file}"}; !slices.Equal(got["argv"].([]any), argv) {
		t.Errorf("argv is %v, want %v", got["argv"], argv)
	}
	for _, logo := range []string{"logo-svg.svg", "logo-32x32.png", "logo-64x64.png"} {
		if info, err := os.Stat(filepath.Join(dir, logo)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", logo, err)
		}
	}
	if found := kernelspec.Installed([]string{data}); !slices.Equal(found, []string{dir}) {
		t.Errorf("found %v, want %s", found, dir)
	}
}

func TestInstallReplacesOurs(t *testing.T) {
	data := t.TempDir()
	dir, err := kernelspec.Install(data, "go", spec(t))
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(dir, "old")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := kernelspec.New("/new/interleave", "2.0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kernelspec.Install(data, "go", again); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file of the earlier spec: %v, want it gone", err)
	}
	if s, err := kernelspec.Read(dir); err != nil || s.Argv[0] != "/new/interleave" {
		t.Errorf("installed %v, %v", s, err)
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 {
		t.Errorf("kernels has %v, %v; want one folder", entries, err)
	}
}

func TestForeignKernelIsLeftAlone(t *testing.T) {
	data := t.TempDir()
	dir := filepath.Join(data, "kernels", "python3")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "kernel.json")
	const text = `{"argv": ["python"], "display_name": "Python 3", "language": "python"}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kernelspec.Install(data, "python3", spec(t)); !errors.Is(err, kernelspec.ErrForeign) {
		t.Errorf("install: %v, want ErrForeign", err)
	}
	if _, err := kernelspec.Uninstall(data, "python3"); !errors.Is(err, kernelspec.ErrForeign) {
		t.Errorf("uninstall: %v, want ErrForeign", err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != text {
		t.Errorf("the other kernel's file is now %q, %v", got, err)
	}
}

func TestUninstall(t *testing.T) {
	data := t.TempDir()
	dir, err := kernelspec.Install(data, "interleave", spec(t))
	if err != nil {
		t.Fatal(err)
	}
	removed, err := kernelspec.Uninstall(data, "interleave")
	if err != nil || removed != dir {
		t.Errorf("removed %s, %v; want %s", removed, err, dir)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder: %v, want it gone", err)
	}
	if _, err := kernelspec.Uninstall(data, "interleave"); !errors.Is(err, kernelspec.ErrNotInstalled) {
		t.Errorf("once more: %v, want ErrNotInstalled", err)
	}
}

func TestErrors(t *testing.T) {
	for _, name := range []string{"", "..", ".", "a/b", "go kernel", "ü"} {
		if _, err := kernelspec.Install(t.TempDir(), name, spec(t)); err == nil || !strings.Contains(err.Error(), "want letters") {
			t.Errorf("install as %q: %v", name, err)
		}
	}
	if _, err := kernelspec.New("interleave", ""); err == nil {
		t.Error("a relative executable was taken")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kernelspec.Install(file, "interleave", spec(t)); err == nil {
		t.Error("a file was taken for a folder")
	}
}

func TestPlaces(t *testing.T) {
	const home = "/home/ada"
	system := []string{"/usr/local/share/jupyter", "/usr/share/jupyter"}
	for _, test := range []struct {
		name, goos string
		env        map[string]string
		user       string
		first      string // of all places, where it is not the user's
		last       string
	}{
		{name: "plain", goos: "linux", user: "/home/ada/.local/share/jupyter", last: system[1]},
		{name: "XDG", goos: "linux", env: map[string]string{"XDG_DATA_HOME": "/x"}, user: "/x/jupyter", last: system[1]},
		{
			name: "own folder", goos: "linux",
			env:  map[string]string{"JUPYTER_DATA_DIR": "/d", "XDG_DATA_HOME": "/x"},
			user: "/d", last: system[1],
		},
		{
			name: "path", goos: "linux", env: map[string]string{"JUPYTER_PATH": "/p:/q"},
			user: "/home/ada/.local/share/jupyter", first: "/p", last: system[1],
		},
		{name: "macOS", goos: "darwin", user: "/home/ada/Library/Jupyter", last: system[1]},
		{
			name: "macOS, platform", goos: "darwin", env: map[string]string{"JUPYTER_PLATFORM_DIRS": "1"},
			user: "/home/ada/Library/Application Support/Jupyter", last: system[1],
		},
		{
			name: "Windows", goos: "windows", env: map[string]string{"APPDATA": "/app", "PROGRAMDATA": "/all"},
			user: "/app/jupyter", last: "/all/jupyter",
		},
		{
			name: "Windows without folders", goos: "windows", env: map[string]string{"JUPYTER_PATH": "/p;/q"},
			user: "/home/ada/.jupyter/data", first: "/p", last: "/home/ada/.jupyter/data",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			user, places := kernelspec.Elsewhere(test.goos, home, test.env)
			if user != test.user {
				t.Errorf("user's folder is %s, want %s", user, test.user)
			}
			first := test.first
			if first == "" {
				first = test.user
			}
			if places[0] != first || places[len(places)-1] != test.last || !slices.Contains(places, user) {
				t.Errorf("places are %v, want %s first and %s last", places, first, test.last)
			}
		})
	}
}

// jupyter runs Jupyter's own command, which looks for kernels in data alone.
func jupyter(t *testing.T, data string, args ...string) string {
	t.Helper()
	path := testneeds.Command(t, "jupyter-kernelspec", "pip install jupyter_client")
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "JUPYTER_DATA_DIR="+data)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestJupyterFindsIt(t *testing.T) {
	data := t.TempDir()
	dir, err := kernelspec.Install(data, "interleave", spec(t))
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Kernelspecs map[string]struct {
			Dir  string          `json:"resource_dir"`
			Spec kernelspec.Spec `json:"spec"`
		} `json:"kernelspecs"`
	}
	if err := json.Unmarshal([]byte(jupyter(t, data, "list", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	got := list.Kernelspecs["interleave"]
	if got.Dir != dir || !got.Spec.Ours() || got.Spec.InterruptMode != "message" {
		t.Errorf("Jupyter found %+v, want the spec in %s", got, dir)
	}
}

func TestJupyterInstallsFolder(t *testing.T) {
	data, source := t.TempDir(), filepath.Join(t.TempDir(), "gokernel")
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := spec(t).Write(source); err != nil {
		t.Fatal(err)
	}
	jupyter(t, data, "install", "--user", source)
	if found := kernelspec.Installed([]string{data}); len(found) != 1 {
		t.Errorf("found %v, want one kernel", found)
	}
}

func TestSysPrefix(t *testing.T) {
	python := testneeds.Python(t)
	out, err := exec.Command(python, "-c", "import sys, os; print(os.path.join(sys.prefix, 'share', 'jupyter'))").Output()
	if err != nil {
		t.Fatal(err)
	}
	got, err := kernelspec.SysPrefix(t.Context())
	if want := strings.TrimSpace(string(out)); err != nil || got != want {
		t.Errorf("prefix is %s, %v; want %s", got, err, want)
	}
}
