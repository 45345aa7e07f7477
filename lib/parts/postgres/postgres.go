// Package postgres gives experiments a PostgreSQL: the one that DATABASE_URL
// names, or a private server started from the programs that are installed.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/interleave-lab/interleave/lib/parts"
	"github.com/interleave-lab/interleave/lib/parts/internal/supervise"
)

// ErrNotInstalled is returned when there is no server to use.
var ErrNotInstalled = errors.New("no PostgreSQL: install it (Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql), or set DATABASE_URL to one that runs")

// Server is a PostgreSQL to measure with.
type Server struct {
	URL string // for any client, as in "postgres://postgres@127.0.0.1:41234/postgres"

	label  parts.Label
	server *supervise.Server // nil for one that ran before
}

// Start finds or starts a server. A private one takes about a second to start,
// listens on a free port of 127.0.0.1, has the settings that PostgreSQL comes
// with, except that 500 connections are allowed, and an empty database
// "postgres". Its data are in a temporary folder. It ends, and the folder with
// it, when it is closed or this process ends, however that does.
func Start(ctx context.Context) (*Server, error) {
	s := &Server{URL: os.Getenv("DATABASE_URL"), label: parts.Label{Name: "PostgreSQL", Where: "DATABASE_URL"}}
	if s.URL == "" {
		if err := s.private(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.version(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("ask PostgreSQL (%s) for its version: %w", s.label.Where, err)
	}
	return s, nil
}

// private starts a server of our own.
func (s *Server) private(ctx context.Context) error {
	bin, err := programs()
	if err != nil {
		return err
	}
	user, err := supervise.Unprivileged("postgres", "nobody")
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	dir, err := supervise.Folder("postgres", user)
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	port, err := supervise.Port()
	if err != nil {
		os.RemoveAll(dir)
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	s.server, err = supervise.Start(ctx, supervise.Command{
		Name: "PostgreSQL", Dir: dir, User: user, Signal: "INT TERM", // a fast shutdown; the end of initdb
		Args:  []string{"/bin/sh", "-c", initAndRun, "sh", bin, filepath.Join(dir, "data"), dir, strconv.Itoa(port)},
		Env:   []string{"LC_ALL=C", "TZ=UTC"},
		Ready: func(context.Context) error { return ready(filepath.Join(dir, "data", "postmaster.pid")) },
	})
	if err != nil {
		return err
	}
	s.URL = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	s.label.Where = parts.Private
	return nil
}

// initAndRun makes the folder of the data and becomes the server.
const initAndRun = `bin=$1 data=$2 dir=$3 port=$4
"$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --no-locale --no-sync >/dev/null & init=$!
trap 'kill -TERM $init; wait $init; exit 1' TERM
wait $init || exit 1
trap - TERM
exec "$bin/postgres" -D "$data" -h 127.0.0.1 -p "$port" -k "$dir" -c max_connections=500 -c log_min_messages=fatal`

// ready looks into the file by which a server tells its state. See
// https://www.postgresql.org/docs/current/storage-file-layout.html
func ready(file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	lines := strings.Split(string(b), "\n")
	if len(lines) < 8 || strings.TrimSpace(lines[7]) != "ready" {
		return errors.New("it is starting")
	}
	return nil
}

// programs is the folder with initdb and postgres: that of the postgres in
// PATH, or the newest where distributions put them.
func programs() (string, error) {
	var dirs []string
	if p, err := exec.LookPath("postgres"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
	} {
		found, _ := filepath.Glob(pattern)
		slices.SortFunc(found, func(a, b string) int { return release(b) - release(a) })
		dirs = append(dirs, found...)
	}
	for _, d := range dirs {
		if executable(filepath.Join(d, "initdb")) && executable(filepath.Join(d, "postgres")) {
			return d, nil
		}
	}
	return "", ErrNotInstalled
}

func executable(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode()&0o111 != 0
}

// release is the number in the name of a folder of programs.
func release(dir string) int {
	n := 0
	for _, c := range dir {
		if c >= '0' && c <= '9' {
			n = 10*n + int(c-'0')
		}
	}
	return n
}

func (s *Server) version(ctx context.Context) error {
	c, err := s.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	var text string
	if err := c.QueryRow(ctx, "SHOW server_version").Scan(&text); err != nil {
		return err
	}
	s.label.Version, _, _ = strings.Cut(text, " ")
	return nil
}

// Connect opens one connection.
func (s *Server) Connect(ctx context.Context) (*pgx.Conn, error) { return pgx.Connect(ctx, s.URL) }

// Pool opens a pool of at most n connections, which are made as they are
// needed. Close it before the server.
func (s *Server) Pool(ctx context.Context, n int) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(s.URL)
	if err != nil {
		return nil, fmt.Errorf("make a pool of connections: %w", err)
	}
	c.MaxConns = int32(n)
	return pgxpool.NewWithConfig(ctx, c)
}

// Label says which PostgreSQL this is.
func (s *Server) Label() parts.Label { return s.label }

// String is the label.
func (s *Server) String() string { return s.label.String() }

// Close ends a private server and removes its data. One that was running
// before is left alone.
func (s *Server) Close() error {
	if s.server != nil {
		s.server.Stop()
	}
	return nil
}
