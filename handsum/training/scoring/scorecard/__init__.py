"""Everything that was measured of a reader on a labelled set, as a record and as a page to look at."""

from __future__ import annotations

from handsum.training.scoring.scorecard.card import Scorecard, record
from handsum.training.scoring.scorecard.page import write_report

__all__ = ["Scorecard", "record", "write_report"]
