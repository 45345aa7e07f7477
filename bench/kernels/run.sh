#!/usr/bin/env bash
# Builds this kernel and its peers (pinned in bench/peers), installs them into
# .cache/bench and measures them side by side. Arguments go to sidebyside.py.
#
#   bench/kernels/run.sh [--rounds N] [--json FILE] [--markdown FILE]
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/setup
here=$PWD/.cache/bench
mkdir -p "$here/bin" "$here/jupyter/kernels"
export PATH="$here/bin:$PWD/.cache/venv/bin:$PATH" JUPYTER_PATH="$here/jupyter"

echo "building the kernels"
go build -o "$here/bin/interleave" ./cmd/interleave
"$here/bin/interleave" install --prefix "$here/prefix" >/dev/null
(cd bench/peers/gonb && go build -o "$here/bin/" github.com/janpfeifer/gonb golang.org/x/tools/cmd/goimports golang.org/x/tools/gopls)
(cd bench/peers/gophernotes && go build -o "$here/bin/" github.com/gopherdata/gophernotes)

spec() { # NAME ARGV...
	local name=$1 argv
	shift
	mkdir -p "$here/jupyter/kernels/$name"
	argv=$(printf '"%s",' "$@")
	echo "{\"argv\":[${argv%,}],\"display_name\":\"$name\",\"language\":\"go\"}" >"$here/jupyter/kernels/$name/kernel.json"
}
spec gonb "$here/bin/gonb" --kernel "{connection_file}" --logtostderr
spec gophernotes "$here/bin/gophernotes" "{connection_file}"
export JUPYTER_PATH="$JUPYTER_PATH:$here/prefix/share/jupyter"

exec python bench/kernels/sidebyside.py interleave gonb gophernotes python3 "$@"
