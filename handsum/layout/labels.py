"""The labels by what their ink is like."""

DIGITS = "0123456789"
DOTS = ".,"
BARS = "-="
# Its box is mostly empty, and neighbours reach into it. Slanted and bent digits look like it.
LEANING = "/()"
# What calculates with what stands on either side.
CALCULATING = "+-×÷/"
# What expects something on its other side, however far.
OPERATORS = CALCULATING + "="
