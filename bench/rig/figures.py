"""Figures beside their bars: printed as they come, and an exit code for the whole run."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable
from typing import NoReturn


class Figures:
    """The report of one benchmark."""

    def __init__(self, title: str) -> None:
        self.failed: list[str] = []
        print(f"{title} ({os.cpu_count()} cores, Python {platform.python_version()})", flush=True)

    def note(self, text: str) -> None:
        """Say something that has no bar."""
        print(f"  {text}", flush=True)

    def at_least(self, name: str, value: float, bar: float, unit: str = "") -> None:
        """A figure that must reach its bar."""
        self._judge(name, value, f">= {bar:g}{unit}", value >= bar, unit)

    def at_most(self, name: str, value: float, bar: float, unit: str = "") -> None:
        """A figure that must not go over its bar."""
        self._judge(name, value, f"<= {bar:g}{unit}", value <= bar, unit)

    def exactly(self, name: str, value: float, bar: float) -> None:
        """A figure that must be its bar."""
        self._judge(name, value, f"= {bar:g}", value == bar, "")

    def holds(self, name: str, is_so: bool) -> None:
        """Something that must be so."""
        self._verdict(name, "yes" if is_so else "no", "yes", is_so)

    def end(self) -> NoReturn:
        """Leave with exit code 1 when any bar was missed."""
        if self.failed:
            print(f"FAIL: {', '.join(self.failed)}")
        raise SystemExit(1 if self.failed else 0)

    def _judge(self, name: str, value: float, bar: str, is_met: bool, unit: str) -> None:
        shown = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
        self._verdict(name, f"{shown}{unit}", bar, is_met)

    def _verdict(self, name: str, shown: str, bar: str, is_met: bool) -> None:
        if not is_met:
            self.failed.append(name)
        verdict = "PASS" if is_met else "FAIL"
        print(f"  {verdict}  {name:<58} {shown:>12}   bar {bar}", flush=True)


def median(values: Iterable[float]) -> float:
    """The middle value, which one disturbed round does not move."""
    return statistics.median(values)


def quantile(values: Iterable[float], share: float) -> float:
    """The value that `share` (0 to 1) of them do not exceed; 0 of nothing is infinite."""
    ordered = sorted(values)
    if not ordered:
        return float("inf")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Iterable[float]) -> str:
    """The range in which a run's rounds lay."""
    ordered = sorted(values)
    return f"{ordered[0]:.2f} to {ordered[-1]:.2f} over {len(ordered)} rounds"
