#!/bin/sh
# System packages of the image: Python for Jupyter, tini as the first process,
# and the servers that notebooks measure (PARTS; empty for none).
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list
apt-get install -y -qq --no-install-recommends \
	ca-certificates python3 python3-venv tini ${PARTS:-} >/dev/null
rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
