"""Two servers by turns: short rounds side by side, so that what else the machine does hits both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from bench.rig.figures import Figures, median, quantile, spread
from bench.rig.load import load
from bench.rig.server import Server

WARM_UP = 1.0
"""Seconds of each source before anything counts."""


class Source(NamedTuple):
    """Requests of one sort for one server."""

    server: Server
    next_request: Callable[[], bytes]


class Turn(NamedTuple):
    """What one source got in one round."""

    rate: float
    """Successes a second."""
    cpu_us: float
    """The server's processor time for each answer."""
    p95_ms: float
    statuses: Counter[int]


def take_turns(
    sources: dict[str, Source], *, rounds: int, seconds: float, connections: int
) -> tuple[dict[str, list[Turn]], dict[str, Counter[int]]]:
    """Every source's rounds, and all its answers by status, those of warming up included."""
    turns: dict[str, list[Turn]] = {name: [] for name in sources}
    statuses: dict[str, Counter[int]] = {name: Counter() for name in sources}
    for number in range(rounds + 1):
        for name, source in sources.items():
            turn = _take_turn(source, seconds if number else WARM_UP, connections)
            statuses[name] += turn.statuses
            if number:
                turns[name].append(turn)
    return turns, statuses


def report_rates(figures: Figures, turns: dict[str, list[Turn]]) -> None:
    """The absolute numbers, which belong to this machine alone."""
    for name, each in turns.items():
        rate, cpu, wait = (
            median(getattr(turn, of) for turn in each) for of in ("rate", "cpu_us", "p95_ms")
        )
        figures.note(
            f"{name:<9} {rate:7,.0f} a second, {cpu:5,.0f} µs of processor each, p95 {wait:.1f} ms"
        )


def report_ratio(
    figures: Figures, what: str, ours: list[Turn], reference: list[Turn], bar: float
) -> None:
    """The median of each round's ratio of answers a second."""
    pairs = list(zip(ours, reference, strict=True))
    ratios = [our.rate / other.rate for our, other in pairs]
    by_cpu = median(other.cpu_us / our.cpu_us for our, other in pairs)
    figures.at_least(what, median(ratios), bar, "x")
    figures.note(f"      {spread(ratios)}; by processor time {by_cpu:.2f}x")


def _take_turn(source: Source, seconds: float, connections: int) -> Turn:
    before = source.server.cpu_seconds()
    outcome = load(
        source.server.port, source.next_request, connections=connections, seconds=seconds
    )
    spent = source.server.cpu_seconds() - before
    return Turn(
        rate=outcome.rate,
        cpu_us=spent / max(1, len(outcome.waits)) * 1e6,
        p95_ms=quantile(outcome.waits, 0.95) * 1000,
        statuses=outcome.statuses,
    )
