"""The folder of data that is not downloaded: labelled ink and scanned symbols."""

from __future__ import annotations

import os
from pathlib import Path

from handsum.errors import DataError

DATA_VARIABLE = "HANDSUM_DATA"


def data_folder(wanted: str) -> Path:
    """The folder that HANDSUM_DATA names; `wanted` says what it is needed for, as a sentence begins.

    Raises:
        DataError: it is not set.
    """
    folder = os.environ.get(DATA_VARIABLE)
    if not folder:
        raise DataError(f"{wanted} is looked for in the folder that {DATA_VARIABLE} names; it is not set.")
    return Path(folder)
