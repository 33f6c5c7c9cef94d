"""What a figure was measured on: enough to judge it, nothing that names a person or a place."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

import keras


def describe_machine() -> dict[str, str | int]:
    """Processor, cores and the versions that matter."""
    backend = keras.backend.backend()
    package = {"tensorflow": ("tensorflow-cpu", "tensorflow")}.get(backend, (backend,))
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "system": platform.system(),
        "python": platform.python_version(),
        "keras": keras.__version__,
        "backend": backend,
        "backend_version": _first_version(package),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _first_version(packages: tuple[str, ...]) -> str:
    for package in packages:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return "unknown"
