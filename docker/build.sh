#!/bin/sh
# Stage "build": the command, the Go distribution that goes with it, and the
# linker and workers that cells need, built once so that nobody waits for them.
#
#   docker/build.sh SOURCE OUT
#
# OUT receives bin/interleave, go/ (the toolchain without its tests and
# documents) and cache/interleave (linker, workers and images of packages).
set -eu
source=$1 out=$2
cd "$source"
mkdir -p "$out/bin" "$out/cache"

CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$out/bin/interleave" ./cmd/interleave

goroot=$(go env GOROOT)
mkdir -p "$out/go"
for part in bin go.env lib pkg src LICENSE VERSION; do
	cp -a "$goroot/$part" "$out/go/"
done
find "$out/go/src" \( -name testdata -o -name '*_test.go' \) -prune -exec rm -rf {} +

# The build cache of the go command stays behind: of it, cells need nothing.
# The notebooks lie in no module here, as they will in the image. What they
# import is linked ahead, also for the race detector: its worker is built here,
# where there is a C compiler.
mkdir -p /tmp/ahead
cp notebooks/*.ipynb /tmp/ahead
XDG_CACHE_HOME="$out/cache" GOCACHE=/tmp/go-build "$out/bin/interleave" install --prefix "$out/jupyter" --for /tmp/ahead
rm -r /tmp/ahead
