"""The scripts that open the window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gui_digit_recognizer
import handsum.window
from handsum.ink import Ink, render
from handsum.models import DEFAULT_DIGIT_MODEL
from handsum.window.app import App
from tests.gui.virtual_screen import VirtualScreen, wait_for

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ["app.py", "gui_digit_recognizer.py"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name != "DISPLAY"} | environment
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=own, timeout=60)


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_is_there_without_a_display(script: str) -> None:
    answer = run(script, "--help")
    assert answer.returncode == 0
    assert "Ctrl+Z" in answer.stdout


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("display", ["", ":4711"])
def test_without_a_display_one_sentence_says_what_to_do(script: str, display: str) -> None:
    answer = run(script, DISPLAY=display)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "no display" in answer.stderr
    assert "handsum read" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("ratio", ["1.5", "-0.1", "nan", "90%", "abc", ""])
def test_a_least_confidence_that_is_no_probability_is_bad_usage(script: str, ratio: str) -> None:
    answer = run(script, f"--min-confidence={ratio}")
    assert answer.returncode == 2
    sentence = f"argument --min-confidence: {ratio!r} is not a number between 0 and 1, such as 0.9"
    assert answer.stderr.splitlines()[-1] == f"{script}: error: {sentence}"
    assert "Traceback" not in answer.stderr


def test_the_options_reach_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def note(model: str, *, min_confidence: float, subject: str) -> None:
        asked.append((model, min_confidence, subject))

    monkeypatch.setattr("handsum.window.launch.open_window", note)
    assert handsum.window.main([]) == 0
    assert handsum.window.main(["--model", "mine.onnx", "--min-confidence", "0.9"]) == 0
    assert handsum.window.main(["--numbers"]) == 0
    assert asked == [
        (DEFAULT_DIGIT_MODEL, 0.0, "digit"),
        ("mine.onnx", 0.9, "digit"),
        (DEFAULT_DIGIT_MODEL, 0.0, "numbers"),
    ]


@pytest.mark.parametrize("module", ["handsum.window", "app", "gui_digit_recognizer"])
def test_import_opens_and_loads_nothing(module: str) -> None:
    heavy = ("tkinter", "sv_ttk", "numpy", "onnxruntime", "tensorflow", "keras")
    answer = run("-c", f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])")
    assert answer.stdout.strip() == "[]", answer.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_opens_the_window(script: str, screen: VirtualScreen) -> None:
    environment = screen.environment
    process = subprocess.Popen([sys.executable, script], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    search = ["xdotool", "search", "--onlyvisible", "--class", "^Handsum$"]
    try:
        wait_for(
            lambda: subprocess.run(search, env=environment, capture_output=True).stdout,
            deadline_s=60,
            what=script,
        )
        assert process.poll() is None
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert errors == b""


def test_older_names_are_kept() -> None:
    assert gui_digit_recognizer.App is App
    assert handsum.window.App is App
    with pytest.raises(AttributeError):
        _ = gui_digit_recognizer.nothing


def test_predict_digit_gives_digit_and_confidence() -> None:
    page = render(Ink.of([[(60, 30), (140, 30), (110, 90), (90, 160)]]), width_px=200, height_px=200)
    digit, confidence = gui_digit_recognizer.predict_digit(255 - page)
    assert digit == 7
    assert 0.5 < confidence <= 1


def test_predict_digit_answers_an_empty_picture() -> None:
    digit, confidence = gui_digit_recognizer.predict_digit(np.zeros((40, 40), np.uint8))
    assert digit is None
    assert 0 <= confidence <= 1
