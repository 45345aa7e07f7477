// Package mongodb gives experiments a server that speaks MongoDB's protocol:
// the one that MONGO_URI names, or a private mongod, or where none is installed
// FerretDB over SQLite, which its label says.
package mongodb

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/interleave-lab/interleave/lib/parts"
	"github.com/interleave-lab/interleave/lib/parts/internal/standin"
	"github.com/interleave-lab/interleave/lib/parts/internal/supervise"
)

// Server is a server to measure with.
type Server struct {
	URI string // for any client, as in "mongodb://127.0.0.1:41234/"

	label  parts.Label
	server *supervise.Server // nil for one that ran before
}

// Start finds or starts a server. A private one listens on a free port of
// 127.0.0.1 and has its data in a temporary folder. It ends, and the folder
// with it, when it is closed or this process ends, however that does. The
// stand-in is built when it is used first, which takes a minute or two, and
// starts in some ten milliseconds then.
func Start(ctx context.Context) (*Server, error) {
	if uri := os.Getenv("MONGO_URI"); uri != "" {
		s := &Server{URI: uri, label: parts.Label{Name: "MongoDB", Where: "MONGO_URI"}}
		return s.checked(ctx)
	}
	if path, err := exec.LookPath("mongod"); err == nil {
		s := &Server{label: parts.Label{Name: "MongoDB", Where: parts.Private}}
		err := s.start(ctx, func(data string, port int) []string {
			return []string{path, "--bind_ip", "127.0.0.1", "--port", fmt.Sprint(port), "--dbpath", data}
		})
		if err != nil {
			return nil, err
		}
		return s.checked(ctx)
	}
	return StandIn(ctx)
}

// StandIn starts FerretDB also where mongod is installed.
func StandIn(ctx context.Context) (*Server, error) {
	path, err := standin.Build(ctx, "ferretdb")
	if err != nil {
		return nil, fmt.Errorf("no MongoDB: install mongod (see https://www.mongodb.com/docs/manual/installation/) or set MONGO_URI to one that runs; its stand-in cannot be had: %w", err)
	}
	s := &Server{label: parts.Label{Name: "FerretDB", Version: ferretdb, StandIn: "MongoDB", Where: "over SQLite, " + parts.Private}}
	err = s.start(ctx, func(data string, port int) []string {
		return []string{path, "-addr", fmt.Sprintf("127.0.0.1:%d", port), "-dir", data}
	})
	if err != nil {
		return nil, err
	}
	return s.checked(ctx)
}

// ferretdb is the version in internal/standin.
const ferretdb = "1.24.0"

func (s *Server) start(ctx context.Context, args func(data string, port int) []string) error {
	server, port, err := supervise.Listening(ctx, s.label.Name, args)
	if err != nil {
		return err
	}
	s.server, s.URI = server, fmt.Sprintf("mongodb://127.0.0.1:%d/", port)
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
	defer c.Disconnect(context.WithoutCancel(ctx))
	var info struct{ Version string }
	if err := c.Database("admin").RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&info); err != nil {
		s.Close()
		return nil, fmt.Errorf("ask %s (%s): %w", s.label.Name, s.label.Where, err)
	}
	if s.label.StandIn == "" { // FerretDB tells the version of MongoDB that it speaks like
		s.label.Version = info.Version
	}
	return s, nil
}

// Client makes a client. The functions, if any, change its options first, as
// in func(o *options.ClientOptions) { o.SetMaxPoolSize(64) }.
func (s *Server) Client(change ...func(*options.ClientOptions)) (*mongo.Client, error) {
	o := options.Client().ApplyURI(s.URI)
	for _, f := range change {
		f(o)
	}
	c, err := mongo.Connect(o)
	if err != nil {
		return nil, fmt.Errorf("connect to MongoDB: %w", err)
	}
	return c, nil
}

// Label says which MongoDB this is, or what stands in for it.
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
