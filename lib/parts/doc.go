// Package parts has real components to measure against, with known behaviour:
// here an HTTP server with set latencies and a site of pages, and files whose
// cache is cold or warm; in packages below it PostgreSQL (postgres), Redis
// (redisdb) and MongoDB's protocol (mongodb).
//
// What is behind a part depends on the machine: a server that is named in the
// environment, one that is installed and started privately, or a stand-in.
// Each part says which in its Label, which belongs beside every number that
// was measured with it:
//
//	bench.Plan{Parts: []string{db.Label().String()}}
package parts

// Label says what a part is.
type Label struct {
	Name    string `json:"name"`    // as in "PostgreSQL"
	Version string `json:"version"` // as in "15.18", empty if not known
	Where   string `json:"where"`   // as in "private server on this machine", "DATABASE_URL"
	// StandIn names what the part stands in for, empty if it is the real thing.
	StandIn string `json:"standIn,omitempty"`
}

// String is one line, as in "miniredis 2.40.0 (stand-in for Redis), private
// server on this machine".
func (l Label) String() string {
	s := l.Name
	if l.Version != "" {
		s += " " + l.Version
	}
	if l.StandIn != "" {
		s += " (stand-in for " + l.StandIn + ")"
	}
	if l.Where != "" {
		s += ", " + l.Where
	}
	return s
}

// Private is the Where of servers which a part has started.
const Private = "private server on this machine"
