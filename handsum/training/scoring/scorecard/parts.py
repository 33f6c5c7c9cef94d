"""The small pieces of HTML that a report is put together from."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def section(title: str, note: str, content: str) -> str:
    """A heading, a sentence about what is shown, and the content."""
    return f"<section><h2>{title}</h2><p>{note}</p>{content}</section>\n"


def table(head: str, rows: Iterable[str], *, css: str) -> str:
    """A table in a box that scrolls sideways where the screen is narrow."""
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="scroll"><table class="{css}"><tr>{head}</tr>{body}</table></div>'


def head_cells(*names: str) -> str:
    """The cells of a table's first row."""
    return "".join(f"<th scope=col>{name}</th>" for name in names)


def picture(pixels: NDArray[np.uint8], description: str) -> str:
    """Grey pixels uint8 (28, 28) as an image in the page itself."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", optimize=True)
    data = base64.b64encode(stream.getvalue()).decode("ascii")
    return f'<img alt="{escape(description)}" src="data:image/png;base64,{data}">'


def percent(share: float) -> str:
    """A share 0..1 with two decimals, as the command line prints it."""
    return f"{share:.2%}"
