"""What an organiser mends at once: five thousand entries, each way, and undone; on a big ledger.

Through the whole WSGI application in this process, as a browser without JavaScript posts it. The
list page is timed beside it, on a ledger of ten thousand entries and on a big one.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path
from urllib.parse import urlencode

from bench.growth import SMALL, Instance, is_proven, prepare
from bench.rig.figures import Figures, median
from bench.rig.people import new_op
from bench.rig.server import disk_of, instance_folder

BIG = 150_000
"""Of seven events and four kinds, so that one kind of one event has more than five thousand."""
WANTED = 5_000
MOST_SECONDS = 2.0
MOST_TIMES_SLOWER = 1.1
TIMES = 30


class Organiser:
    """Looks at the list of one event, and mends it."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.path = f"/desk/events/{instance.slug}/letters"
        self.cookie = instance.organiser
        _status, headers, body = self.get("")
        form = next(value.split(";")[0] for name, value in headers if name == "Set-Cookie")
        self.cookie += f"; {form}"
        self.token = found(r'name="csrf_token" value="([^"]+)"', body)

    def get(self, query: str) -> tuple[str, list[tuple[str, str]], bytes]:
        return self.instance.call("GET", self.path, query=query, cookie=self.cookie)

    def look(self, query: str = "") -> float:
        """Processor seconds of the list page."""
        began = time.thread_time()
        self.get(query)
        return time.thread_time() - began

    def mend(self, query: str, **fields: object) -> tuple[float, str]:
        """Seconds on the clock, and what the page said; all that match."""
        _status, _headers, page = self.get(query)
        as_of = found(r'name="as_of" value="(\d+)"', page)
        return self.post("mend", query, all=1, as_of=as_of, **fields)

    def post(self, what: str, query: str, **fields: object) -> tuple[float, str]:
        body = urlencode({"op": new_op(), "csrf_token": self.token} | fields).encode()
        how = {"HTTP_HX_REQUEST": "true", "HTTP_ORIGIN": "http://localhost:8000"}
        path = f"{self.path}/{what}"
        began, worked = time.monotonic(), time.thread_time()
        _status, _headers, page = self.instance.call(
            "POST", path, query=query, body=body, cookie=self.cookie, **how
        )
        self.worked = time.thread_time() - worked
        return time.monotonic() - began, page.decode()


def found(pattern: str, page: bytes | str) -> str:
    """The first group of a pattern that must be there."""
    text = page if isinstance(page, str) else page.decode()
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"no {pattern!r} in {text[:2000]}")
    return match[1]


def mend_each_way(figures: Figures, organiser: Organiser) -> None:
    """Each way and its undo, on the entries of one kind."""
    query = "kind=handwritten_letter&state=counted"
    for way, fields in (
        ("take-back", {}),
        ("move", {"to_kind": "postcard"}),
    ):
        spent, page = organiser.mend(query, way=way, **fields)
        count = int(found(r"([\d,]+) entries \(", page).replace(",", ""))
        figures.holds(f"{way}: {count:,} entries", count >= WANTED)
        figures.at_most(f"{way}, {organiser.worked:.2f} s of processor", spent, MOST_SECONDS, "s")
        deed = found(r'name="deed" value="([^"]+)"', page)
        spent, page = organiser.post("undo", query, deed=deed)
        worked = f"undo of {way}, {organiser.worked:.2f} s of processor"
        figures.at_most(worked, spent, MOST_SECONDS, "s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=BIG, help="of the big ledger")
    chosen = options.parse_args()
    figures = Figures(f"mend: {WANTED:,} entries at once, of {chosen.entries:,}")
    with instance_folder() as folder:
        figures.note(f"databases on {disk_of(folder)}")
        organisers = [
            Organiser(make(folder / name, n))
            for name, n in (("small", SMALL), ("big", chosen.entries))
        ]
        taken: list[list[float]] = [[], []]
        for _ in range(TIMES):
            for organiser, into in zip(organisers, taken, strict=True):
                into.append(organiser.look())
        small, big = map(median, taken)
        figures.at_most(
            f"the list: {small * 1e3:.1f} to {big * 1e3:.1f} ms",
            big / small,
            MOST_TIMES_SLOWER,
            "x",
        )
        mend_each_way(figures, organisers[1])
        figures.holds("the event is proven afterwards", is_proven(organisers[1].instance))
    figures.end()


def make(home: Path, entries: int) -> Instance:
    """An instance with so many letters in it."""
    home.mkdir()
    return Instance(home, prepare(home, entries))


if __name__ == "__main__":
    main()
