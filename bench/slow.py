"""Quality 14: do slow senders keep others waiting? 400 slow heads and 400 slow bodies at once.

And 40 files that an admin and an organiser begin to send. All trickle a byte a second while a few
people log letters, open pages and poll. The controls are the same app behind threads that wait for
bodies, and with lanes as broad as all threads: there the slow ones must hold everybody up.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path

from bench.rig.figures import Figures, quantile
from bench.rig.people import Browser, csrf_token_in, join, new_op, sign_in
from bench.rig.server import Server, instance_folder
from bench.rig.stage import ADMIN, ORGANISER, PASSWORD, Season, Wanted, make_season

PORT = 8303
BAR_MS = 500
THREADED = [sys.executable, "-m", "bench.rig.threaded"]
BROAD = [sys.executable, "-m", "bench.rig.broad"]
PATIENCE = 5.0
"""Seconds after which an honest person has waited too long, and is counted as having waited so."""
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /table/letters HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
UPLOAD = (
    "POST /section/cases/import HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 30000000\r\n"
    "Content-Type: multipart/form-data; boundary=limit\r\nCookie: {cookies}\r\n"
    "X-CSRFToken: {token}\r\n\r\n--limit\r\n"
)


def uploads(count: int) -> list[bytes]:
    """How files begin that an admin and an organiser send in turns."""
    begun = []
    for email in (ADMIN, ORGANISER):
        person = sign_in(PORT, email, PASSWORD)
        token = csrf_token_in(person.get("/account/").text)
        begun.append(UPLOAD.format(cookies=person.cookie_header(), token=token).encode())
    return list(islice(cycle(begun), count))


@contextlib.contextmanager
def trickling(starts: Iterable[bytes]) -> Iterator[list[socket.socket]]:
    """A connection for each of these that sends a byte a second, whatever comes back."""
    senders = [_begin(start) for start in starts]
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
        slow = [HEAD] * options.heads + [BODY] * options.bodies + uploads(options.uploads)
        with trickling(slow):
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
    options.add_argument("--uploads", type=int, default=40)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--threads", type=int, help="instead of the shipped number")
    options.add_argument("--backpressure", type=int, help="instead of the shipped number")
    chosen = options.parse_args()
    figures = Figures(
        f"slow: {chosen.heads} slow heads, {chosen.bodies} slow bodies, {chosen.uploads} slow files"
    )
    asked = {"threads": chosen.threads, "backpressure": chosen.backpressure}
    settings = {name: value for name, value in asked.items() if value}
    with instance_folder() as folder:
        p95, words = measure(folder, chosen, **settings)
    figures.note(words)
    figures.at_most("others' waits, p95", p95, BAR_MS, " ms")
    chosen.seconds = 3 * PATIENCE
    with instance_folder() as folder:
        control, words = measure(folder, chosen, command=THREADED)
    figures.note(f"control, a thread for each body: {words}")
    figures.holds("the control is held up", control > BAR_MS)
    chosen.heads = chosen.bodies = 0
    with instance_folder() as folder:
        control, words = measure(folder, chosen, command=BROAD)
    figures.note(f"control, files alone, any thread for them: {words}")
    figures.holds("this control is held up", control > BAR_MS)
    figures.end()


if __name__ == "__main__":
    main()
