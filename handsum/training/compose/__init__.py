"""Pages composed from real symbols with known boxes: what the page network learns from.

`content` says what is written, `library` whose hand writes it (`glyphs`, `shapes`, `made`), `writing` puts the
symbols of a line where people put them, `marks` adds what is no symbol, `papers` makes the page as bad as
scans and photographs are, `page` puts these together, and `many` does so for hundreds of thousands.
"""
