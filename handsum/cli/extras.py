"""What only some commands need, and what to say where it is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from handsum.errors import HandsumError


def require(activity: str, *packages: str) -> None:
    """Refuse in one sentence unless the packages can be imported; none of them is imported for it.

    Raises:
        HandsumError: a package is missing; the message says what to install.
    """
    missing = " and ".join(package for package in packages if find_spec(package) is None)
    if missing:
        raise HandsumError(
            f'{activity} needs {missing}, which is not here: pip install ".[train]" in the folder of handsum'
        )
