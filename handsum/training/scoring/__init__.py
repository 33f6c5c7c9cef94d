"""How good answers are: figures, robustness, rejection, and the page of a report."""
