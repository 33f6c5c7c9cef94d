"""What only some commands need, and what to say where it is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from handsum.errors import HandsumError

OTHER_BACKENDS = frozenset(["torch", "jax"])


def require(activity: str, *packages: str) -> None:
    """Refuse in one sentence unless the packages can be imported; none of them is imported for it.

    Raises:
        HandsumError: a package is missing; the message says what to install.
    """
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        # Only what training uses unless told otherwise comes with handsum's own extra.
        others = " ".join(package for package in missing if package in OTHER_BACKENDS)
        install = f"pip install {others}" if others else 'pip install ".[train]" in the folder of handsum'
        raise HandsumError(f"{activity} needs {' and '.join(missing)}, which is not installed: {install}")
