"""Pictures of misread pages, to look at."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.pages_sets import Sample, draw

# A narrower picture would cut off what is written on it.
LEAST_WIDTH_PX = 500
TEXT_PX = 18


def save_picture(path: Path, sample: Sample, read: str) -> None:
    """The page as a PNG, under it what it says and what was read."""
    page = Image.fromarray(draw(sample.source))
    caption = f"says {sample.label!r}\nread {read!r}"
    room_px = 3 * TEXT_PX
    picture = Image.new("L", (max(page.width, LEAST_WIDTH_PX), page.height + room_px), 200)
    picture.paste(page, (0, 0))
    font = ImageFont.load_default(TEXT_PX * 0.8)
    ImageDraw.Draw(picture).multiline_text((4, page.height + 4), caption, fill=0, font=font)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
