"""Pictures of what is not one digit: what a reader should be unsure of.

Two sets are real ink of writers held out for choosing (letters and symbols that nobody would take for a
digit), two are made from the digits of those writers (pairs and halves), and the others are generated:
scribbles, blank pages and dots, and things. The things are drawn, not photographed: gradients, noise, plain
shapes and lines like text. None is for training.
"""

from __future__ import annotations

from handsum.errors import DataError
from handsum.training.data.folder import DATA_VARIABLE, data_folder
from handsum.training.data.labelled import InkEntry, read_ink_entries
from handsum.training.scoring.non_digits.digit_parts import halves, pairs
from handsum.training.scoring.non_digits.pictures import PictureSet, sampled
from handsum.training.scoring.non_digits.scribbles import blanks_and_dots, scribbles
from handsum.training.scoring.non_digits.things import things
from handsum.training.scoring.non_digits.written import letters, symbols

# Of each set; the area under the curve is then known to about 1 %.
MOST_PICTURES = 400

SPLIT = "dev"

__all__ = ["MOST_PICTURES", "PictureSet", "load_non_digits"]


def load_non_digits(*, most: int = MOST_PICTURES) -> list[PictureSet]:
    """The seven sets, of at most so many pictures each, always the same.

    Raises:
        DataError: HANDSUM_DATA is not set, or does not lead to the files of ink.
    """
    written_symbols, written_letters = (
        _entries(f"unipen-{name}.jsonl.gz") for name in ("symbols", "letters")
    )
    sets = [
        letters(written_letters),
        symbols(written_symbols),
        scribbles(most),
        blanks_and_dots(most),
        pairs(written_symbols, most),
        halves(written_symbols),
        things(most),
    ]
    return [sampled(pictures, most) for pictures in sets]


def _entries(name: str) -> list[InkEntry]:
    folder = data_folder("Ink that is not a digit, to score on,")
    path = folder / "ink" / name
    if not path.is_file():
        raise DataError(f"{DATA_VARIABLE} leads to {folder}, which has no ink/{name}.")
    return [entry for entry in read_ink_entries(path) if entry.split == SPLIT]
