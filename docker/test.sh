#!/bin/bash
# shellcheck disable=SC2016 # the image expands what stands in single quotes
#
# Builds the Dockerfile with buildah, without a registry: both base images are
# made here, a Debian by debootstrap and one with this machine's Go in it. Then
# it does in the image what people will do. Needs root, buildah, debootstrap.
#
#   docker/test.sh [FOLDER FOR THE BASE SYSTEM]
#
# KEEP=1 takes base images that an earlier run has left.
set -euo pipefail
cd "$(dirname "$0")/.."
base=${1:-$(mktemp -d)/debian}
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
step() { echo "== $*"; }

for tool in buildah debootstrap go; do
	command -v "$tool" >/dev/null || { echo "install $tool first" >&2; exit 1; }
done

have() { [ -n "${KEEP:-}" ] && buildah inspect --type image "$1" >/dev/null 2>&1; }

if ! have localhost/debian-base; then
	if [ ! -d "$base/etc" ]; then
		step "a clean Debian in $base"
		debootstrap --variant=minbase bookworm "$base" >/dev/null
		# Certificates that this machine trusts, for machines behind a proxy.
		mkdir -p "$base/etc/ssl/certs" "$base/usr/local/share/ca-certificates"
		cp /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/"
		find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$base/usr/local/share/ca-certificates/" \;
		rm -f "$base"/var/cache/apt/archives/*.deb
	fi
	step "the base image"
	c=$(buildah from scratch)
	buildah add -q "$c" "$base" / >/dev/null
	buildah commit -q --rm "$c" localhost/debian-base >/dev/null
fi
if ! have localhost/golang-base; then
	step "the base image with Go"
	c=$(buildah from localhost/debian-base)
	buildah add -q "$c" "$(go env GOROOT)" /usr/local/go >/dev/null
	buildah config --env PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$c"
	buildah run "$c" -- sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev git make >/dev/null'
	buildah commit -q --rm "$c" localhost/golang-base >/dev/null
fi

step "build"
time buildah bud -q --layers --format docker \
	--build-arg GO_IMAGE=localhost/golang-base --build-arg BASE_IMAGE=localhost/debian-base -t interleave . >/dev/null

step "what the image holds"
c=$(buildah from localhost/interleave)
trap 'buildah rm "$c" >/dev/null' EXIT
in_image() { buildah run "$c" -- bash -ec "$1"; }
in_image 'test "$(id -un)" = jovyan; test "$(which python3)" = /opt/jupyter/bin/python3; jupyter kernelspec list | grep -w interleave'
in_image 'du -sm /opt/jupyter /usr/local/go ~/.cache /usr/local/bin/interleave; interleave doctor'

step "a notebook, as a build server runs it"
in_image 'cd notebooks; time interleave run 01-producer-consumer.ipynb -p quick=true --html - >/tmp/r.html; grep -q Content-Security-Policy /tmp/r.html'

step "what notebooks import is there, also for the race detector: nothing is fetched or built"
in_image 'cd notebooks; export GOPROXY=off GOFLAGS=-mod=mod; for n in 0[2-4]*.ipynb; do time interleave run "$n" -p quick=true 2>&1 | tee /tmp/said; ! grep -i building /tmp/said; done
python3 /opt/docker/notebook.py "%race on
x := 20" "import \"github.com/interleave-lab/interleave/lib/parts\"
f := parts.Constant
_ = f
x + 1" >/tmp/race.ipynb
time interleave run /tmp/race.ipynb -o - | grep -w 21'

step "a package that no notebook imports"
in_image 'cd /tmp; python3 /opt/docker/notebook.py "import \"encoding/xml\"
xml.Header" >x.ipynb; interleave run x.ipynb -o - | grep -q "xml version"'

step "JupyterLab, and the health check"
in_image 'jupyter lab --ip=127.0.0.1 --port=18888 --no-browser --notebook-dir=notebooks >/tmp/lab.log 2>&1 & lab=$!
for i in $(seq 60); do python3 /opt/docker/healthy.py 2>/dev/null && break; sleep 1; done
python3 /opt/docker/healthy.py
kill $lab; wait $lab || true
! python3 /opt/docker/healthy.py 2>/dev/null'
step "Notebook 7, and a kernel of a Jupyter client"
in_image 'jupyter notebook --version; cd /tmp; python3 /opt/docker/notebook.py "40 + 2" >c.ipynb; time jupyter execute --inplace c.ipynb; grep -w 42 c.ipynb'
echo "all is well"
