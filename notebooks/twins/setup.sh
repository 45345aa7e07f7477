#!/usr/bin/env bash
# Makes .cache/twins, a Python with all that notebook 70 sets beside Go: the
# packages of requirements.txt, and kernel.pyx compiled where there is a C
# compiler. Nothing else needs it.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=notebooks/twins
venv=.cache/twins

command -v python3 >/dev/null || { echo "please install Python 3.11 or later (Debian, Ubuntu: apt install python3 python3-venv)" >&2; exit 1; }
if ! cmp -s $here/requirements.txt $venv/requirements.txt || ! cmp -s $here/kernel.pyx $venv/kernel/kernel.pyx; then
	echo "installing the packages of $here/requirements.txt into $venv"
	rm -rf $venv
	python3 -m venv $venv
	$venv/bin/python -m pip install --quiet --disable-pip-version-check -r $here/requirements.txt
	mkdir -p $venv/kernel
	cp $here/kernel.pyx $venv/kernel/
	if command -v cc >/dev/null; then
		echo "compiling kernel.pyx"
		(cd $venv/kernel && ../bin/cythonize --quiet --inplace kernel.pyx)
	else
		echo "no C compiler: the comparison with Cython is left out (Debian, Ubuntu: apt install gcc libc6-dev)"
	fi
	cp $here/requirements.txt $venv/requirements.txt
fi
echo "notebook 70 finds its Python in $venv"
