"""A trained page network becomes one graph."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import h5py
import keras
import onnx

from handsum.atomic import whole_file
from handsum.models import PAGE_CONTRACT, PAGE_MODEL
from handsum.reading import SYMBOL_LABELS
from handsum.training.detector.calibrate import DetectorCalibration
from handsum.training.export import build_model, update_sums
from handsum.training.graph_page import map_ranges, onnx_weights, read_page
from handsum.training.saved import open_network

DETECTOR_FILE, SCALE_FILE = "detector.h5", "scale.h5"
CALIBRATION_ATTRIBUTE = "handsum_calibration"
OUTPUT_NAMES = ("boxes", "probabilities", "scores", "height")


def export_page(detector_path: Path, onnx_path: Path) -> None:
    """Write the ONNX file of a page network, whole or not at all; scale.h5 lies beside detector.h5.

    Raises:
        DataError: a file is missing or holds something else.
    """
    scale_path = detector_path.with_name(SCALE_FILE)
    detector, scale = (open_network(path, recipe="page") for path in (detector_path, scale_path))
    with h5py.File(detector_path) as file:
        calibration = DetectorCalibration(**json.loads(file.attrs.get(CALIBRATION_ATTRIBUTE, "{}")))
    model = build_page_model(detector, scale, calibration, _metadata(detector_path, scale_path, calibration))
    with whole_file(onnx_path) as part:
        onnx.save(model, part)
    update_sums(onnx_path)


def build_page_model(
    detector: keras.Model, scale: keras.Model, calibration: DetectorCalibration, metadata: dict[str, str]
) -> onnx.ModelProto:
    """The graph of `read_page` with the networks' weights inside; the detector computes in eight bits."""
    weights = onnx_weights(detector, scale, calibration)
    return build_model(
        read_page, OUTPUT_NAMES, weights, metadata, in_halves=True, in_bytes=map_ranges(detector)
    )


def is_detector(path: Path) -> bool:
    """Whether a file is a page network's detector: its calibration is written beside its weights."""
    try:
        with h5py.File(path) as file:
            return CALIBRATION_ATTRIBUTE in file.attrs
    except OSError:
        return False


def _metadata(detector: Path, scale: Path, calibration: DetectorCalibration) -> dict[str, str]:
    return {
        "name": PAGE_MODEL,
        "contract": PAGE_CONTRACT,
        "labels": json.dumps(list(SYMBOL_LABELS)),
        "calibration": json.dumps(asdict(calibration)),
        "source_sha256": hashlib.sha256(detector.read_bytes() + scale.read_bytes()).hexdigest(),
    }
