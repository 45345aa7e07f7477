# cython: language_level=3, boundscheck=False, cdivision=True
"""The same sum as compute.roots, translated to C and without the GIL. It
returns its result, so that the compiler cannot leave the work out."""

import cython as _cython
from libc.math cimport sqrt


def version():
    return _cython.__version__


cdef double _roots(long n, long scale) noexcept nogil:
    cdef double total = 0
    cdef long i, d
    for i in range(n):
        d = i - scale
        total += sqrt(1 + <double>(d * d))
    return total


def roots(long n, long scale):
    cdef double total
    with nogil:
        total = _roots(n, scale)
    return total
