"""One line of results.jsonl for each thing measured: ours and the peer's, and the machine."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np

from handsum.training.machine import describe_machine

RESULTS = Path(__file__).parent / "results.jsonl"


@dataclass(frozen=True)
class Times:
    """Repeated timings of one thing, in milliseconds."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    num: int

    @classmethod
    def of(cls, times_ms: list[float]) -> Times:
        """The median, the 95th and the 99th percentile."""
        p50, p95, p99 = (round(float(value), 3) for value in np.percentile(times_ms, [50, 95, 99]))
        return cls(p50_ms=p50, p95_ms=p95, p99_ms=p99, num=len(times_ms))


def time_calls(call: Callable[[], object], *, num: int, warm_up: int = 3) -> Times:
    """Time `num` calls, one by one, after a few that do not count."""
    for _ in range(warm_up):
        call()
    times_ms = []
    for _ in range(num):
        started_s = time.perf_counter()
        call()
        times_ms.append((time.perf_counter() - started_s) * 1000)
    return Times.of(times_ms)


def record(what: str, ours: Times, peer: Times | None = None, *, peer_name: str | None = None) -> None:
    """Append one result, and print it."""
    line = {
        "what": what,
        "ours": asdict(ours),
        "peer": asdict(peer) if peer else None,
        "peer_name": peer_name,
        "date": date.today().isoformat(),
        "machine": describe_machine(),
    }
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    beside = f" · {peer_name} {peer.p50_ms} ms" if peer else ""
    print(f"{what}: {ours.p50_ms} ms (p95 {ours.p95_ms}){beside}")
