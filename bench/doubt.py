"""How honest the networks' doubt is, and what they bear: calibration, refusal, corruptions.

On MNIST's held-out training writers and on the pen digits of "dev" writers, with our network and the
classic one; the figures are those of `handsum score --corruptions --non-digits`. Writes bench/doubt.json.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from handsum.reader import Reader
from handsum.training.data.labelled import LabelledSet, load_labelled
from handsum.training.report import plain, write_json
from handsum.training.scoring.answers import read_set
from handsum.training.scoring.non_digits import load_non_digits
from handsum.training.scoring.rejection import score_non_digits
from handsum.training.scoring.robustness import score_corruptions
from handsum.training.scoring.score import score

RESULT = Path(__file__).parent / "doubt.json"
MODELS = ("digit", "mnist")


def main() -> None:
    """Score both networks on both sets."""
    pens = Path(os.environ["HANDSUM_DATA"]) / "ink" / "unipen-symbols.jsonl.gz"
    sets = {"pen digits": load_labelled(pens, split="dev"), "MNIST": load_labelled(split="held-out")}
    results = {
        model: {name: _doubt(Reader(model), labelled) for name, labelled in sets.items()} for model in MODELS
    }
    for model in MODELS:
        results[model]["corruptions"] = plain(score_corruptions(Reader(model), sets["MNIST"]).figures)
        print(f"{model}: corrupted {results[model]['corruptions']['mean_accuracy']:.2%}", flush=True)
    write_json(RESULT, results)


def _doubt(reader: Reader, labelled: LabelledSet) -> dict[str, Any]:
    answers = read_set(reader, labelled)
    figures = plain(
        score(
            answers.probabilities,
            labelled.labels,
            confidences=answers.confidences,
            answered=answers.are_given,
        )
    )
    rejections = score_non_digits(reader, answers.confidences, load_non_digits())
    del figures["per_digit"]
    return {**figures, "non_digits": [plain(rejection.figures) for rejection in rejections]}


if __name__ == "__main__":
    main()
