package scope

import "time"

type options struct {
	name  string
	grace time.Duration
	keep  *Record
}

// Option changes how Run works.
type Option func(*options)

// Name is the name of the scope in records; "scope" without it.
func Name(name string) Option { return func(o *options) { o.name = name } }

// Grace limits the wait for children after the scope was cancelled. Those that
// still run then are left behind and reported in a *LeftBehindError: the only
// way a child outlives its scope. Without Grace, or with 0, Run waits for ever.
func Grace(d time.Duration) Option { return func(o *options) { o.grace = d } }

// Keep has Run write the record of the scope's life to r when it returns or
// panics. Scopes inside are part of it.
func Keep(r *Record) Option { return func(o *options) { o.keep = r } }

func apply(all []Option) options {
	o := options{name: "scope"}
	for _, f := range all {
		f(&o)
	}
	return o
}
