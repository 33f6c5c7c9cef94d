"""An image with what was read drawn on it: a box and a label for each symbol, and what each sum comes to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from PIL import Image, ImageDraw

from handsum.arithmetic import Status
from handsum.image import LONGEST_SIDE_PX, ImageSource, load_for_display
from handsum.layout.spelling import units
from handsum.lettering import text_mask
from handsum.reading import SURE_FROM, Box, Line, Reading, Symbol

# Each of these stands out from white and from black, and white letters from it.
ACCENT = (0, 95, 184)
UNSURE = (176, 88, 0)
WRONG = (190, 30, 45)
LETTERS = (255, 255, 255)

# Pictures of smaller writing are enlarged by a whole factor: no label could be read on them.
LEAST_LINE_PX = 40
MOST_ENLARGEMENT = 8

# In heights of the line that they belong to.
LABEL_SIZE = 0.35
NOTE_SIZE = 0.6
FRAME_THICKNESS = 0.03
GAP = 0.08
# In heights of a tag's own letters.
PADDING = 0.15
LEAST_LETTERS_PX = 12
LONGEST_NOTE = 24

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class _Frame:
    """A thin frame around a symbol."""

    box: Box
    colour: Colour
    thickness_px: int

    def paint(self, draw: ImageDraw.ImageDraw, dx: float, dy: float) -> None:
        draw.rectangle(_moved(self.box, dx, dy), outline=self.colour, width=self.thickness_px)


@dataclass(frozen=True)
class _Tag:
    """Letters on a ground of their own, so that they can be read on any picture."""

    left: float
    top: float
    letters: Image.Image
    colour: Colour

    @property
    def padding_px(self) -> int:
        return math.ceil(PADDING * self.letters.height)

    @property
    def box(self) -> Box:
        width, height = (side + 2 * self.padding_px for side in self.letters.size)
        return self.left, self.top, self.left + width, self.top + height

    def paint(self, draw: ImageDraw.ImageDraw, dx: float, dy: float) -> None:
        box = _moved(self.box, dx, dy)
        corner = [round(box[0]) + self.padding_px, round(box[1]) + self.padding_px]
        draw.rounded_rectangle(box, radius=self.padding_px, fill=self.colour)
        draw.bitmap(corner, self.letters, fill=LETTERS)


def annotate(image: ImageSource, reading: Reading) -> Image.Image:
    """The image that `reading` is of, in RGB, with what was read drawn on it.

    Blue is what was read surely, amber what is to be checked, red what does not hold. Small writing is
    enlarged, large images are averaged down as for reading, and there is room beside them for what needs it.

    Raises:
        ImageError, TypeError, ValueError: as for `Reader.read`.
    """
    picture, factor = load_for_display(image)
    enlargement = _enlargement(reading, max(picture.size), factor)
    picture = picture.resize((picture.width * enlargement, picture.height * enlargement))
    lines = [_scaled(line, enlargement / factor) for line in reading.lines]
    frames = [frame for line in lines for frame in _frames(line)]
    return _painted(picture, [*frames, *_tags(lines)])


def _enlargement(reading: Reading, longest_px: int, factor: int) -> int:
    """How many times larger the picture must be for labels to be read on it, within bounds."""
    if not reading.lines:
        return 1
    line_px = median(map(_height, reading.lines)) / factor
    return max(1, min(math.ceil(LEAST_LINE_PX / line_px), MOST_ENLARGEMENT, LONGEST_SIDE_PX // longest_px))


def _scaled(line: Line, scale: float) -> Line:
    return replace(line, symbols=tuple(replace(s, box=_times(s.box, scale)) for s in line.symbols))


def _times(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = box
    return x0 * scale, y0 * scale, x1 * scale, y1 * scale


def _moved(box: Box, dx: float, dy: float) -> Box:
    x0, y0, x1, y1 = box
    return x0 + dx, y0 + dy, x1 + dx, y1 + dy


def _height(line: Line) -> float:
    return max(symbol.box[3] - symbol.box[1] for symbol in line.symbols)


def _letters(text: str, size_px: float) -> Image.Image:
    return text_mask(text, max(LEAST_LETTERS_PX, size_px))


def _frames(line: Line) -> Iterator[_Frame]:
    height = _height(line)
    thickness_px = max(1, round(FRAME_THICKNESS * height))
    for symbol in line.symbols:
        x0, y0, x1, y1 = symbol.box
        gap = GAP * height
        yield _Frame((x0 - gap, y0 - gap, x1 + gap, y1 + gap), _colour(symbol), thickness_px)


def _colour(symbol: Symbol) -> Colour:
    return ACCENT if symbol.confidence >= SURE_FROM else UNSURE


def _tags(lines: Sequence[Line]) -> list[_Tag]:
    """What each symbol was read as and what each sum comes to, where no symbol and no other tag is.

    A line that leaves no room for labels, between two that are close, is written out in its note.
    """
    taken = [symbol.box for line in lines for symbol in line.symbols]
    labels: list[list[_Tag]] = []
    for line in lines:
        labels.append(_labels(line, taken))
        taken += [label.box for label in labels[-1]]
    tags = [label for row in labels for label in row]
    for line, row in zip(lines, labels, strict=True):
        note = _note(line) if row else _written_out(line)
        if note is not None:
            tags.append(_noted(line, *note, taken))
            taken.append(tags[-1].box)
    return tags


def _labels(line: Line, taken: Sequence[Box]) -> list[_Tag]:
    """What each symbol was read as: on its frame, else all above or all below the line; none without room.

    Among the numbers of a stacked fraction there is none.
    """
    if any(len(unit) > 1 for unit in units(line.symbols)):
        return []
    labels = [_label(symbol, LABEL_SIZE * _height(line)) for symbol in line.symbols]
    gap, height = GAP * _height(line), labels[0].box[3]
    tops, bottoms = ([symbol.box[side] for symbol in line.symbols] for side in (1, 3))
    for row in (
        [top - gap - height for top in tops],
        [min(tops) - gap - height] * len(tops),
        [max(bottoms) + gap] * len(tops),
    ):
        placed = [replace(label, top=top) for label, top in zip(labels, row, strict=True)]
        if not any(_overlaps(label, taken) for label in placed):
            return placed
    return []


def _label(symbol: Symbol, size_px: float) -> _Tag:
    tag = _Tag(0, 0, _letters(symbol.label, size_px), _colour(symbol))
    return replace(tag, left=(symbol.box[0] + symbol.box[2] - tag.box[2]) / 2)


def _noted(line: Line, text: str, colour: Colour, taken: Sequence[Box]) -> _Tag:
    """A note to the right of its line; under its end where something is there, or beyond everything."""
    tag = _Tag(0, 0, _letters(text, NOTE_SIZE * _height(line)), colour)
    beside, below = _beside(line, tag), _below(line, tag)
    places = (place for place in (beside, below) if not _overlaps(place, taken))
    return next(places, replace(beside, left=max(box[2] for box in taken) + 3 * GAP * _height(line)))


def _note(line: Line) -> tuple[str, Colour] | None:
    if line.doubt is not None:
        return line.doubt, UNSURE
    if line.outcome is None:
        return None
    text = line.outcome.text
    text = text if len(text) <= LONGEST_NOTE else f"{text[:LONGEST_NOTE]}…"
    notes: dict[Status, tuple[str, Colour]] = {
        "answered": (text, ACCENT),
        "true": ("true", ACCENT),
        "rounded": ("true to its digits", ACCENT),
        "false": (f"false: comes to {text}", WRONG),
        "undefined": ("undefined", WRONG),
    }
    note = notes.get(line.outcome.status)
    # What may be misread is neither right nor wrong yet.
    is_sure = all(symbol.confidence >= SURE_FROM for symbol in line.symbols)
    return note if note is None or is_sure else (note[0], UNSURE)


def _written_out(line: Line) -> tuple[str, Colour]:
    note = _note(line)
    if note is not None:
        return f"{line.text} {note[0]}", note[1]
    is_sure = all(symbol.confidence >= SURE_FROM for symbol in line.symbols)
    return line.text, ACCENT if is_sure else UNSURE


def _beside(line: Line, tag: _Tag) -> _Tag:
    _, y0, x1, y1 = line.symbols[-1].box
    return replace(tag, left=x1 + 3 * GAP * _height(line), top=(y0 + y1 - tag.box[3]) / 2)


def _below(line: Line, tag: _Tag) -> _Tag:
    right = max(symbol.box[2] for symbol in line.symbols)
    bottom = max(symbol.box[3] for symbol in line.symbols)
    return replace(tag, left=right - tag.box[2], top=bottom + 2 * GAP * _height(line))


def _overlaps(tag: _Tag, taken: Sequence[Box]) -> bool:
    left, top, right, bottom = tag.box
    return any(left < x1 and x0 < right and top < y1 and y0 < bottom for x0, y0, x1, y1 in taken)


def _painted(picture: Image.Image, marks: Sequence[_Frame | _Tag]) -> Image.Image:
    """The picture with the marks on it, and with more of its paper around it where they need room."""
    boxes = [(0.0, 0.0, float(picture.width), float(picture.height)), *(mark.box for mark in marks)]
    left, top = (math.floor(min(box[side] for box in boxes)) for side in (0, 1))
    right, bottom = (math.ceil(max(box[side] for box in boxes)) for side in (2, 3))
    canvas = Image.new("RGB", (right - left, bottom - top), _paper_colour(picture))
    canvas.paste(picture, (-left, -top))
    draw = ImageDraw.Draw(canvas)
    for mark in marks:
        mark.paint(draw, -left, -top)
    return canvas


def _paper_colour(picture: Image.Image) -> Colour:
    """The median colour of the picture's border."""
    pixels = np.asarray(picture)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = (int(level) for level in np.median(border, axis=0))
    return red, green, blue
