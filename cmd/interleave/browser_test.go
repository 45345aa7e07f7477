package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/charts/render"
	chartruntime "github.com/interleave-lab/interleave/charts/runtime"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/internal/testneeds"
)

var pictures = flag.String("screenshots", "", "make the pictures of the README in this `folder`")

// modules is where .ci/setup puts what the browser tests need from npm.
const modules = "../../.cache/browser/node_modules"

// ready is a notebook with charts that has been run.
const ready = "../../notebooks/01-producer-consumer.ipynb"

// settings are what a suite of testdata/browser is told.
type settings struct {
	Browser string `json:"browser"`
	Shots   string `json:"shots,omitempty"`  // folder for pictures of what people see
	Server  string `json:"server,omitempty"` // the one address pages may reach
	Token   string `json:"token,omitempty"`
	Folder  string `json:"folder"` // of the test's files
	// Exe is the command, and Notebook one with charts that has been run.
	Exe      string `json:"exe,omitempty"`
	Notebook string `json:"notebook,omitempty"`
	Pictures string `json:"pictures,omitempty"` // folder for those of the README
}

// TestFrontEnds uses the kernel in JupyterLab 4 and Notebook 7 as a person
// does, in a browser that reaches nothing but their server.
func TestFrontEnds(t *testing.T) {
	s := newSettings(t)
	lab := testneeds.Command(t, "jupyter-lab", "pip install jupyterlab notebook")
	testneeds.Python(t, "notebook")
	exe, data := installed(t)
	s.Folder = t.TempDir()
	s.Server, s.Token = serveLab(t, lab, data, s.Folder)
	if *pictures != "" {
		s.Exe, s.Notebook, s.Pictures = exe, absolute(t, ready), absolute(t, *pictures)
		browse(t, "screenshots.js", s)
		return
	}
	browse(t, "lab.js", s)
	browse(t, "notebook7.js", s)
}

// TestPages looks at charts and reports where there is no front end of Jupyter,
// without any network.
func TestPages(t *testing.T) {
	s := newSettings(t)
	testneeds.Command(t, "jupyter-nbconvert", "pip install nbconvert")
	s.Folder = t.TempDir()
	s.Exe = filepath.Join(s.Folder, "interleave")
	shellOut(t, nil, "go", "build", "-o", s.Exe, ".")
	s.Notebook = absolute(t, ready)
	for name, content := range map[string]string{"chart.html": storedChart(t, s.Notebook), "runtime.js": chartruntime.Script()} {
		if err := os.WriteFile(filepath.Join(s.Folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	browse(t, "pages.js", s)
}

// storedChart is the HTML of the first chart of a notebook.
func storedChart(t *testing.T, path string) string {
	t.Helper()
	n, err := notebook.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range n.Cells {
		for _, o := range c.Outputs {
			stored, _ := o.Data["text/html"].(string)
			if html, err := render.Stored(o.Data[render.MIME], stored); err == nil {
				return html
			}
		}
	}
	t.Fatalf("%s holds no chart", path)
	return ""
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// newSettings finds the browser and what drives it. INTERLEAVE_TEST_SHOTS names
// a folder that keeps pictures.
func newSettings(t *testing.T) settings {
	t.Helper()
	testneeds.Command(t, "node", "apt-get install nodejs")
	testneeds.File(t, filepath.Join(modules, "playwright-core", "package.json"), "run .ci/setup")
	return settings{Browser: testneeds.Browser(t), Shots: os.Getenv("INTERLEAVE_TEST_SHOTS")}
}

// installed builds the command, installs the kernel and returns the command
// and the folder of Jupyter's data.
func installed(t *testing.T) (exe, data string) {
	t.Helper()
	prefix := t.TempDir()
	exe = filepath.Join(prefix, "interleave")
	shellOut(t, nil, "go", "build", "-o", exe, ".")
	shellOut(t, nil, exe, "install", "--prefix", prefix)
	return exe, filepath.Join(prefix, "share", "jupyter")
}

// serveLab starts a server for JupyterLab and Notebook 7 over a folder, with
// settings and state of its own, and returns its address. It ends with the
// test.
func serveLab(t *testing.T, lab, data, folder string) (address, token string) {
	t.Helper()
	state := t.TempDir()
	silence(t, filepath.Join(state, "config"))
	token = "browser-test"
	cmd := exec.Command(lab, "--allow-root", "--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.root_dir="+folder,
		"--IdentityProvider.token="+token, "--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "JUPYTER_PATH="+data, "JUPYTER_CONFIG_DIR="+filepath.Join(state, "config"),
		"JUPYTER_DATA_DIR="+filepath.Join(state, "data"), "JUPYTER_RUNTIME_DIR="+filepath.Join(state, "runtime"))
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { stopLab(t, cmd, ended, &log) })
	for {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the server ended: %v\n%s", err, &log)
		case <-t.Context().Done():
			t.Fatal("the server did not start in time")
		case <-time.After(50 * time.Millisecond):
		}
		if url, ok := serverAddress(filepath.Join(state, "runtime"), cmd.Process.Pid); ok {
			return url, token
		}
	}
}

// silence turns off what JupyterLab asks its readers of itself.
func silence(t *testing.T, config string) {
	t.Helper()
	dir := filepath.Join(config, "lab", "user-settings", "@jupyterlab", "apputils-extension")
	err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "notification.jupyterlab-settings"),
		[]byte(`{"fetchNews": "false", "checkForUpdates": false}`), 0o600))
	if err != nil {
		t.Fatal(err)
	}
}

// serverAddress reads what a server that listens writes about itself.
func serverAddress(runtime string, pid int) (string, bool) {
	raw, err := os.ReadFile(filepath.Join(runtime, fmt.Sprintf("jpserver-%d.json", pid)))
	if err != nil {
		return "", false
	}
	var info struct{ Port int }
	if json.Unmarshal(raw, &info) != nil || info.Port == 0 {
		return "", false
	}
	return fmt.Sprintf("http://127.0.0.1:%d", info.Port), true
}

// stopLab ends the server, which ends its kernels.
func stopLab(t *testing.T, cmd *exec.Cmd, ended <-chan error, log *bytes.Buffer) {
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Log(err)
	}
	select {
	case <-ended:
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill() // it has had its time
		<-ended
	}
	if t.Failed() {
		t.Logf("the server said:\n%s", log)
	}
}

// browse runs a suite of testdata/browser; each of its checks is a test.
func browse(t *testing.T, suite string, s settings) {
	t.Helper()
	t.Run(strings.TrimSuffix(suite, ".js"), func(t *testing.T) {
		told, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, "node", suite)
		cmd.Dir = filepath.Join("testdata", "browser")
		cmd.Env = append(os.Environ(), "NODE_PATH="+absolute(t, modules), "BROWSER_TEST="+string(told))
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		n := checked(t, out)
		if err := cmd.Wait(); err != nil && !t.Failed() || n == 0 {
			t.Fatalf("%s: %v after %d checks\n%s", suite, err, n, &said)
		}
	})
}

// checked reads how the checks ended, and returns how many there were.
func checked(t *testing.T, out io.Reader) (n int) {
	t.Helper()
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for ; lines.Scan(); n++ {
		var check struct {
			Name, Error, Note string
			MS                int
		}
		if err := json.Unmarshal(lines.Bytes(), &check); err != nil {
			t.Fatalf("a check said %q: %v", lines.Text(), err)
		}
		t.Run(check.Name, func(t *testing.T) {
			t.Logf("%d ms %s", check.MS, check.Note)
			if check.Error != "" {
				t.Error(check.Error)
			}
		})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}
