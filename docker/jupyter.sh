#!/bin/sh
# Jupyter in an environment of its own, whose python3 comes first on PATH.
#
#   docker/jupyter.sh REQUIREMENTS TARGET
set -eu
python3 -m venv "$2"
"$2/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check -r "$1"
find "$2" -name __pycache__ -prune -exec rm -rf {} +
