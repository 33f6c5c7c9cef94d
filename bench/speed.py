"""Start-up, one digit, many digits: both networks beside the classic one in Keras, in the same run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from bench.record import record, time_calls
from handsum.ink import Ink, render
from handsum.reader import Reader
from handsum.training.batches import as_frames
from handsum.training.data.mnist import load_mnist
from handsum.training.graphs.export import load_network

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "mnist.h5"
SEVEN = Ink.of([[(120, 100), (280, 95), (190, 310)]], width_px=14)
KERAS = "Keras on TensorFlow"


# What each network's timings are called.
SUFFIXES = {"digit": "", "mnist": ", classic network"}


def main() -> None:
    """Measure everything and append to results.jsonl."""
    network = load_network(MODEL)
    page = render(SEVEN, width_px=400, height_px=400)
    for model, suffix in SUFFIXES.items():
        reader = Reader(model)
        _one_digit(reader, network, page, suffix)
        _many_digits(reader, network, suffix)
    record(
        "render a digit's strokes on 400x400",
        time_calls(lambda: render(SEVEN, width_px=400, height_px=400), num=500),
    )
    _start_up(page)


def _one_digit(reader: Reader, network: keras.Model, page: np.ndarray, suffix: str) -> None:
    frame = reader.read_page(page).frame[None, :, :, None]
    ours = time_calls(lambda: reader.read_page(page), num=2000)
    peer = time_calls(lambda: network.predict(frame, verbose=0), num=50)
    record(f"one digit from a 400x400 page{suffix}", ours, peer, peer_name=f"{KERAS}, ready 28x28 frame")


def _many_digits(reader: Reader, network: keras.Model, suffix: str) -> None:
    frames = as_frames(load_mnist("train")[0][:10_000])
    ours = time_calls(lambda: reader.read_frames(frames), num=7)
    peer = time_calls(lambda: network.predict(frames[..., None], batch_size=500, verbose=0), num=7)
    record(f"10,000 ready 28x28 frames{suffix}", ours, peer, peer_name=f"{KERAS}, batches of 500")


def _start_up(page: np.ndarray) -> None:
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "seven.png"
        Image.fromarray(255 - page).save(picture)
        ours = time_calls(lambda: _run("-m", "handsum", "read", "--digit", str(picture)), num=15)
        program = str(ROOT / "bench" / "keras_program.py")
        peer = time_calls(lambda: _run(program, str(MODEL), str(picture)), num=5, warm_up=1)
        record("read one picture, whole process", ours, peer, peer_name=KERAS)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT)


if __name__ == "__main__":
    main()
