// Package toolchain turns the user's Go installation into the tools of the
// native engine and runs them: a linker that links against a live process, a
// compiler that can be started ahead of time, and the worker executable with
// an index of its symbols.
//
// Open builds them once, into a cache folder:
//
//	interleave/
//	  KEY/                one Go release, one version of this program
//	    manifest.json     written last; a folder without it is not used
//	    link, compile     the patched tools
//	    worker            the executable that lives with a session
//	    worker.idx        where everything in it is
//	    export/           export data of the worker's packages
//	    image/KEY/        packages the worker lacks, linked as images; one of
//	                      them, made ahead, with the libraries of this module
//	                      that need others
//	  KEY.lock, KEY.use   who builds it, who uses it
//	  goroot-KEY/         links to a release in the module cache
//
// The user's Go installation is never changed, and nothing of ours depends on
// the go command's own build cache once it is built.
//
// A Session is what is linked into one live worker: Compile, Link, Commit for
// a cell; Image, AddImage for packages.
package toolchain
