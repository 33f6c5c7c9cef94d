"""``python -m handsum`` is the same as ``handsum``."""

from handsum.cli import main

main(prog_name="handsum")
