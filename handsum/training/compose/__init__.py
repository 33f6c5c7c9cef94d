"""Pages composed from real symbols with known boxes: what the page network learns from.

`content` says what is written, `library` whose hand writes it (from `sources`, with `glyphs`, `shapes` and
`made`), `style` how, `drawing` draws a symbol, `writing` puts a line's symbols where people put them, `marks`
adds what is no symbol, `papers` (with `patterns`) makes the page as bad as scans and photographs are, `page`
puts these together, and `many` does so for hundreds of thousands.
"""
