// Package redisdb gives experiments a Redis: the one that REDIS_URL names, or a
// private redis-server, or where none is installed miniredis, which its label
// says.
package redisdb

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/interleave-lab/interleave/lib/parts"
	"github.com/interleave-lab/interleave/lib/parts/internal/standin"
	"github.com/interleave-lab/interleave/lib/parts/internal/supervise"
)

// Server is a Redis to measure with.
type Server struct {
	URL string // for any client, as in "redis://127.0.0.1:41234/0"

	label  parts.Label
	server *supervise.Server // nil for one that ran before
}

// Start finds or starts a server. A private one takes some ten milliseconds to
// start, listens on a free port of 127.0.0.1 and keeps nothing on disk. It ends
// when it is closed or this process ends, however that does. The stand-in is
// built when it is used first, which takes some seconds.
func Start(ctx context.Context) (*Server, error) {
	if url := os.Getenv("REDIS_URL"); url != "" {
		s := &Server{URL: url, label: parts.Label{Name: "Redis", Where: "REDIS_URL"}}
		return s.checked(ctx)
	}
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			s := &Server{label: parts.Label{Name: "Redis", Where: parts.Private}}
			err := s.start(ctx, func(data string, port int) []string {
				return []string{path, "--bind", "127.0.0.1", "--port", fmt.Sprint(port), "--dir", data, "--save", "", "--appendonly", "no", "--daemonize", "no"}
			})
			if err != nil {
				return nil, err
			}
			return s.checked(ctx)
		}
	}
	return StandIn(ctx)
}

// StandIn starts miniredis also where Redis is installed.
func StandIn(ctx context.Context) (*Server, error) {
	path, err := standin.Build(ctx, "miniredis")
	if err != nil {
		return nil, fmt.Errorf("no Redis: install it (Debian, Ubuntu: apt install redis-server; macOS: brew install redis) or set REDIS_URL to one that runs; its stand-in cannot be had: %w", err)
	}
	s := &Server{label: parts.Label{Name: "miniredis", Version: miniredis, StandIn: "Redis", Where: parts.Private}}
	err = s.start(ctx, func(_ string, port int) []string {
		return []string{path, "-addr", fmt.Sprintf("127.0.0.1:%d", port)}
	})
	if err != nil {
		return nil, err
	}
	return s.checked(ctx)
}

// miniredis is the version in internal/standin.
const miniredis = "2.40.0"

func (s *Server) start(ctx context.Context, args func(data string, port int) []string) error {
	server, port, err := supervise.Listening(ctx, s.label.Name, args)
	if err != nil {
		return err
	}
	s.server, s.URL = server, fmt.Sprintf("redis://127.0.0.1:%d/0", port)
	return nil
}

// checked asks the server for its version, so that one which does not answer
// is told at once.
func (s *Server) checked(ctx context.Context) (*Server, error) {
	c, err := s.Client()
	if err != nil {
		s.Close()
		return nil, err
	}
	defer c.Close()
	if err := c.Ping(ctx).Err(); err != nil {
		s.Close()
		return nil, fmt.Errorf("ask %s (%s): %w", s.label.Name, s.label.Where, err)
	}
	if info, err := c.Info(ctx, "server").Result(); err == nil && s.label.StandIn == "" {
		s.label.Name, s.label.Version = identity(info)
	}
	return s, nil
}

// identity finds name and version in the answer to INFO.
func identity(info string) (name, version string) {
	name = "Redis"
	for line := range strings.Lines(info) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch key {
		case "server_name":
			name = strings.ToUpper(value[:1]) + value[1:]
		case "valkey_version":
			return name, value
		case "redis_version":
			version = value
		}
	}
	return name, version
}

// Client makes a client. The functions, if any, change its options first, as
// in func(o *redis.Options) { o.PoolSize = 64 }.
func (s *Server) Client(change ...func(*redis.Options)) (*redis.Client, error) {
	o, err := redis.ParseURL(s.URL)
	if err != nil {
		return nil, fmt.Errorf("connect to Redis: %w", err)
	}
	for _, f := range change {
		f(o)
	}
	return redis.NewClient(o), nil
}

// Label says which Redis this is, or what stands in for it.
func (s *Server) Label() parts.Label { return s.label }

// String is the label.
func (s *Server) String() string { return s.label.String() }

// Close ends a private server. One that was running before is left alone.
func (s *Server) Close() error {
	if s.server != nil {
		s.server.Stop()
	}
	return nil
}
