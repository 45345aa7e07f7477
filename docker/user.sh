#!/bin/sh
# The user's side of the image, run as that user: the kernel is made known to
# Jupyter, the notebooks that came with the image are trusted, and one cell
# runs, so that an image whose cells do not run is never finished.
set -eu
interleave install --user
for n in "$HOME"/notebooks/*.ipynb; do
	jupyter trust "$n"
done >/dev/null
printf '%s' '{"cells":[{"cell_type":"code","execution_count":null,"id":"a","metadata":{},"outputs":[],"source":"1 + 1"}],"metadata":{},"nbformat":4,"nbformat_minor":5}' >/tmp/first.ipynb
interleave run /tmp/first.ipynb
rm /tmp/first.ipynb
