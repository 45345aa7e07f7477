#!/bin/bash
# shellcheck disable=SC2016 # the image expands what stands in single quotes
#
# Builds the Dockerfile with buildah, without a registry: both base images are
# made here, a Debian by debootstrap and one with this machine's Go in it. Then
# it does in the image what people will do. Needs root, buildah, debootstrap.
#
#   docker/test.sh [FOLDER FOR THE BASE SYSTEM]
set -euo pipefail
cd "$(dirname "$0")/.."
base=${1:-$(mktemp -d)/debian}
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
step() { echo "== $*"; }

for tool in buildah debootstrap go; do
	command -v "$tool" >/dev/null || { echo "install $tool first" >&2; exit 1; }
done

if [ ! -d "$base/etc" ]; then
	step "a clean Debian in $base"
	debootstrap --variant=minbase bookworm "$base" >/dev/null
	# Certificates that this machine trusts, for machines behind a proxy.
	mkdir -p "$base/etc/ssl/certs" "$base/usr/local/share/ca-certificates"
	cp /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/"
	find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$base/usr/local/share/ca-certificates/" \;
	rm -f "$base"/var/cache/apt/archives/*.deb
fi

step "base images"
c=$(buildah from scratch)
buildah add -q "$c" "$base" / >/dev/null
buildah commit -q --rm "$c" localhost/debian-base >/dev/null
c=$(buildah from localhost/debian-base)
buildah add -q "$c" "$(go env GOROOT)" /usr/local/go >/dev/null
buildah config --env PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$c"
buildah run "$c" -- sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev git >/dev/null'
buildah commit -q --rm "$c" localhost/golang-base >/dev/null

step "build"
time buildah bud -q --layers --format docker \
	--build-arg GO_IMAGE=localhost/golang-base --build-arg BASE_IMAGE=localhost/debian-base -t interleave . >/dev/null

step "what the image holds"
c=$(buildah from localhost/interleave)
trap 'buildah rm "$c" >/dev/null' EXIT
in_image() { buildah run "$c" -- bash -ec "$1"; }
in_image 'test "$(id -un)" = jovyan; test "$(which python3)" = /opt/jupyter/bin/python3; jupyter kernelspec list | grep -w interleave'
in_image 'du -sh /opt/jupyter /usr/local/go ~/.cache /usr/local/bin/interleave; interleave doctor'

step "a notebook, as a build server runs it"
in_image 'cd notebooks; time interleave run 01-producer-consumer.ipynb -p quick=true --html - >/tmp/r.html; grep -q Content-Security-Policy /tmp/r.html'

step "a package that no notebook imports"
in_image 'cd /tmp; printf %s "{\"cells\":[{\"cell_type\":\"code\",\"execution_count\":null,\"id\":\"a\",\"metadata\":{},\"outputs\":[],\"source\":\"import \\\"encoding/xml\\\"\\nxml.Header\"}],\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":5}" >x.ipynb; interleave run x.ipynb -o - | grep -q "xml version"'

step "JupyterLab, and the health check"
in_image 'jupyter lab --ip=127.0.0.1 --port=18888 --no-browser --notebook-dir=notebooks >/tmp/lab.log 2>&1 & lab=$!
for i in $(seq 60); do python3 /opt/docker/healthy.py 2>/dev/null && break; sleep 1; done
python3 /opt/docker/healthy.py
kill $lab; wait $lab || true
! python3 /opt/docker/healthy.py 2>/dev/null'
echo "all is well"
