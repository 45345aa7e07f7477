#!/bin/bash
# shellcheck disable=SC2016 # the container expands what stands in single quotes
#
# Goes each documented way to install, in a clean Debian with Go, to a running
# cell, and says how long that took. It needs root, buildah, and the image
# localhost/golang-base, which docker/test.sh makes.
#
#   docker/ways.sh [WAY...]
set -euo pipefail
cd "$(dirname "$0")/.."
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot

# Each way is a script. It runs in the sources, as root of a machine that has
# Go, git, make and Python, and prints what the first cell shows.
declare -A way
way[demo]='make demo && grep -q Content-Security-Policy report.html'
way[install]='go install ./cmd/interleave
interleave install --user
interleave run /tmp/n.ipynb -o - | grep -w 42'
way[jupyter]='make install
jupyter execute --inplace /tmp/n.ipynb
grep -w 42 /tmp/n.ipynb'
way[archive]='tar -C /opt -xzf /tmp/interleave.tar.gz --strip-components=1
/opt/interleave install --user
/opt/interleave run /tmp/n.ipynb -o - | grep -w 42'

# before prepares what a way begins with and is not counted.
declare -A before
before[jupyter]='docker/jupyter.sh docker/requirements.txt /opt/jupyter'
before[archive]='.ci/dist --fast v0.0.0 linux/amd64 >/dev/null && mv dist/*.tar.gz /tmp/interleave.tar.gz && go clean -cache'

ways=("$@")
[ $# -gt 0 ] || ways=(install demo jupyter archive)
for w in "${ways[@]}"; do
	echo "== $w"
	c=$(buildah from localhost/golang-base)
	trap 'buildah rm "$c" >/dev/null' EXIT
	buildah add -q --ignorefile .dockerignore "$c" . /src >/dev/null
	in_clean() { buildah run --workingdir /src --env HOME=/root --env PATH=/root/go/bin:/opt/jupyter/bin:/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin "$c" -- bash -ec "$1"; }
	in_clean 'PARTS=make docker/system.sh && python3 docker/notebook.py "40 + 2" >/tmp/n.ipynb && go mod download'
	[ -z "${before[$w]:-}" ] || in_clean "${before[$w]}"
	began=$SECONDS
	in_clean "${way[$w]}"
	echo "$w: $((SECONDS - began)) s to the first cell"
	in_clean 'PATH=/opt:$PATH; ! command -v interleave >/dev/null || interleave uninstall --user --cache; find /root/.local/share/jupyter /root/.cache/interleave 2>/dev/null | { ! grep interleave; }'
	buildah rm "$c" >/dev/null
	trap - EXIT
done
