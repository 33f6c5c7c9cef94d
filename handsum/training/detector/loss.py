"""The detector's loss."""

from __future__ import annotations

from typing import Any

from keras import ops

from handsum.training.detector.network import BOX_FROM, LABELS_FROM, NUM_LABELS, OBJECT
from handsum.training.detector.targets import BOX, HEAT, KEPT, LABEL, WEIGHT

LABEL_SMOOTHING = 0.02
BOX_SHARE = 0.5


def detection_loss(target: Any, answer: Any) -> Any:
    """The sum of three losses a symbol: where its middle is, what it is, its box.

    The first is CornerNet's focal loss (Law and Deng, 2018): cells near a middle count less the nearer they
    are, and cells that are already right count little. The others are cross-entropy and absolute error.
    """
    heat, kept, weight = target[..., HEAT], target[..., KEPT], target[..., WEIGHT]
    is_middle = ops.cast(heat > 0.999, "float32")
    num_symbols = ops.maximum(ops.sum(is_middle), 1.0)
    logit = answer[..., OBJECT]
    probability = ops.sigmoid(logit)
    found = is_middle * (1 - probability) ** 2 * ops.softplus(-logit)
    denied = (1 - is_middle) * kept * (1 - heat) ** 4 * probability**2 * ops.softplus(logit)
    middles = ops.sum(found + denied) / num_symbols
    weights = weight / ops.maximum(ops.sum(weight), 1.0)
    wanted = ops.one_hot(ops.cast(target[..., LABEL], "int32"), NUM_LABELS)
    wanted = wanted * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / NUM_LABELS
    log_shares = ops.log_softmax(answer[..., LABELS_FROM:BOX_FROM], axis=-1)
    names = -ops.sum(ops.sum(wanted * log_shares, axis=-1) * weights)
    boxes = ops.sum(ops.sum(ops.abs(answer[..., BOX_FROM:] - target[..., BOX]), axis=-1) * weights)
    return middles + names + BOX_SHARE * boxes
