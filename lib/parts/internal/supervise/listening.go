package supervise

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Listening starts a server that runs as this user, ends at SIGTERM, has its
// data in a folder of its own and listens on a port of 127.0.0.1 that was free;
// args is its command line. It returns when the port accepts connections.
func Listening(ctx context.Context, name string, args func(data string, port int) []string) (s *Server, port int, err error) {
	name = strings.ToLower(name)
	dir, err := Folder(name, nil)
	if err != nil {
		return nil, 0, fmt.Errorf("start %s: %w", name, err)
	}
	data := filepath.Join(dir, "data")
	if port, err = Port(); err == nil {
		err = os.Mkdir(data, 0o700)
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, 0, fmt.Errorf("start %s: %w", name, err)
	}
	s, err = Start(ctx, Command{
		Name: name, Dir: dir, Signal: "TERM", Args: args(data, port),
		Ready: func(ctx context.Context) error { return Accepts(ctx, port) },
	})
	return s, port, err
}
