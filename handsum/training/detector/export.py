"""A trained page network becomes one file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import onnx

from handsum.atomic import whole_file
from handsum.models import PAGE_CONTRACT, PAGE_MODEL
from handsum.reading import SYMBOL_LABELS
from handsum.training.detector.calibrate import DetectorCalibration
from handsum.training.detector.graph import build_page_model
from handsum.training.graphs.export import made_with, update_sums
from handsum.training.saved import SCALE_FILE, calibration_in, open_network


def export_page(detector_path: Path, onnx_path: Path) -> None:
    """Write the ONNX file of a page network, whole or not at all; scale.h5 lies beside detector.h5.

    Raises:
        DataError: a file is missing or holds something else.
    """
    scale_path = detector_path.with_name(SCALE_FILE)
    detector, scale = (open_network(path, recipe="page") for path in (detector_path, scale_path))
    calibration = DetectorCalibration(**(calibration_in(detector_path) or {}))
    model = build_page_model(detector, scale, calibration, _metadata(detector_path, scale_path, calibration))
    with whole_file(onnx_path) as part:
        onnx.save(model, part)
    update_sums(onnx_path)


def is_detector(path: Path) -> bool:
    """Whether a file is a page network's detector: its calibration is written beside its weights."""
    return calibration_in(path) is not None


def _metadata(detector: Path, scale: Path, calibration: DetectorCalibration) -> dict[str, str]:
    return {
        "name": PAGE_MODEL,
        "contract": PAGE_CONTRACT,
        "labels": json.dumps(list(SYMBOL_LABELS)),
        "calibration": json.dumps(asdict(calibration)),
        "source_sha256": hashlib.sha256(detector.read_bytes() + scale.read_bytes()).hexdigest(),
        "made_with": made_with(),
    }
