"""Keeps freed memory for the next step of training instead of handing it back to the system."""

from __future__ import annotations

import ctypes
import sys

# From glibc's <malloc.h>.
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3
LARGE = 2**30


def keep_freed_memory() -> None:
    """Tell glibc's malloc to reuse large blocks; elsewhere nothing happens.

    A step's activations are tens of megabytes. By default each is mapped afresh and touched page by
    page: measured on two cores, 180 page faults an image and as long in the kernel as in the network.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has none
        for option in (M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD):
            mallopt(option, LARGE if option != M_TOP_PAD else LARGE // 4)
