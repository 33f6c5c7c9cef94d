"""The errors that handsum raises on purpose.

Each carries one sentence that a person can act on; the command line prints that sentence and exits
non-zero. A caller's mistake (a wrong type, a wrong shape) is a ``TypeError`` or ``ValueError`` instead.
"""


class HandsumError(Exception):
    """Something outside the program is not as it should be; the message says what to do."""


class ImageError(HandsumError):
    """An image is missing, damaged, empty, too large or not an image at all."""


class ModelError(HandsumError):
    """A network's file is missing, damaged or not one of ours."""


class DataError(HandsumError):
    """Training or scoring data is missing or damaged."""
