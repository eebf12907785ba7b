"""Quality 14: do slow senders keep others waiting? 400 slow heads and 400 slow bodies at once.

They trickle a byte a second while a few people log letters, open pages and poll. The control is the
same app behind threads that wait for bodies: there the slow ones must hold everybody up.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from bench.rig.figures import Figures, quantile
from bench.rig.people import Browser, join, new_op
from bench.rig.server import Server, instance_folder
from bench.rig.stage import Season, Wanted, make_season

PORT = 8303
BAR_MS = 500
THREADED = [sys.executable, "-m", "bench.rig.threaded"]
PATIENCE = 5.0
"""Seconds after which an honest person has waited too long, and is counted as having waited so."""
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /table/letters HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)


@contextlib.contextmanager
def trickling(heads: int, bodies: int) -> Iterator[list[socket.socket]]:
    """So many connections that send a byte a second, whatever comes back."""
    senders = [_begin(HEAD) for _ in range(heads)] + [_begin(BODY) for _ in range(bodies)]
    is_over = threading.Event()
    thread = threading.Thread(target=_trickle, args=(senders, is_over))
    thread.start()
    try:
        yield senders
    finally:
        is_over.set()
        thread.join()
        for sender in senders:
            sender.close()


def _begin(start: bytes) -> socket.socket:
    sender = socket.create_connection(("127.0.0.1", PORT), timeout=10)
    sender.sendall(start)
    sender.setblocking(False)
    return sender


def _trickle(senders: list[socket.socket], is_over: threading.Event) -> None:
    while not is_over.wait(1):
        for sender in senders:
            # A slow head is cut off by the server after a while, as it should be.
            with contextlib.suppress(OSError):
                sender.send(b"a")


class Honest:
    """Somebody at a table and somebody at home, each with a connection."""

    def __init__(self, season: Season, code: str) -> None:
        self._device = join(PORT, code)
        self._visitor = Browser(PORT)
        self._case = season.cases[0]
        self._slug = season.events[0].slug

    def do_everything(self, waits: dict[str, list[float]]) -> None:
        """Press, open two pages and poll once, and note the milliseconds that each took."""
        poll = f"/events/{self._slug}/tally?v=&lang=en&view=board"
        self._time(waits, "press", self._press)
        self._time(waits, "home", lambda: self._visitor.get("/"))
        self._time(waits, "live page", lambda: self._visitor.get(f"/events/{self._slug}/live"))
        self._time(waits, "poll", lambda: self._visitor.get(poll))

    def lose_patience(self) -> None:
        """From now on give up after some seconds."""
        for browser in (self._device.browser, self._visitor):
            browser.connection.timeout = PATIENCE
            browser.connection.close()

    def _press(self) -> None:
        self._device.press(new_op(), case=self._case)

    def _time(self, waits: dict[str, list[float]], name: str, deed: Callable[[], object]) -> None:
        began = time.monotonic()
        with contextlib.suppress(OSError):
            deed()
        waits.setdefault(name, []).append((time.monotonic() - began) * 1000)


def waits_of(people: list[Honest], seconds: float) -> dict[str, list[float]]:
    """How long each thing that they do takes, in milliseconds, one after the other."""
    waits: dict[str, list[float]] = {}
    until = time.monotonic() + seconds
    for person in cycle(people):
        person.do_everything(waits)
        time.sleep(0.05)
        if time.monotonic() > until:
            break
    return waits


def measure(
    folder: Path,
    options: argparse.Namespace,
    *,
    command: list[str] | None = None,
    **settings: int,
) -> tuple[float, str]:
    """The p95 of everything others did, in milliseconds, and the rest in words."""
    season = make_season(folder, Wanted("Hall", tables=8, seats=8))
    with Server(folder, PORT, command=command, **settings) as server:
        people = [Honest(season, code) for code in season.events[0].codes]
        waits_of(people, 1)
        with trickling(options.heads, options.bodies):
            # Until each of them has reached whatever it can hold.
            time.sleep(2)
            for person in people:
                person.lose_patience()
            waits = waits_of(people, options.seconds)
        words = f"{server.thread_count()} threads, {server.memory_mb():.0f} MB"
    everything = [wait for each in waits.values() for wait in each]
    for name, each in waits.items():
        words += f", {name} p95 {quantile(each, 0.95):.0f} ms"
    return quantile(everything, 0.95), words


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--heads", type=int, default=400)
    options.add_argument("--bodies", type=int, default=400)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--threads", type=int, help="instead of the shipped number")
    options.add_argument("--backpressure", type=int, help="instead of the shipped number")
    chosen = options.parse_args()
    figures = Figures(f"slow: {chosen.heads} slow heads, {chosen.bodies} slow bodies")
    asked = {"threads": chosen.threads, "backpressure": chosen.backpressure}
    settings = {name: value for name, value in asked.items() if value}
    with instance_folder() as folder:
        p95, words = measure(folder, chosen, **settings)
    figures.note(words)
    figures.at_most("others' waits, p95", p95, BAR_MS, " ms")
    with instance_folder() as folder:
        chosen.seconds = 3 * PATIENCE
        control, words = measure(folder, chosen, command=THREADED)
    figures.note(f"control, a thread for each body: {words}")
    figures.holds("the control is held up", control > BAR_MS)
    figures.end()


if __name__ == "__main__":
    main()
