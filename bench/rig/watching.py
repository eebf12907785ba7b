"""A crowd that watches a live counter, in a process of its own, told by standard input what to do.

Each watcher keeps its connection and asks as the fragment says: at its address, with the version
it shows, as often as its trigger names. What arrived when goes into a file of doubles.
"""

from __future__ import annotations

import gzip
import heapq
import html
import json
import random
import re
import select
import sys
import time
from array import array
from collections import Counter

import brotli

from bench.rig.load import Connection, body_of, get

PATIENCE = 8.0
"""Seconds after which htmx gives a request up."""
BROWSER = {
    "Accept": "text/html",
    "Accept_Encoding": "gzip, deflate, br",
    "HX_Request": "true",
    "User_Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept_Language": "en-GB,en;q=0.8",
}


class Fragment:
    """What one version of the fragment says; read once, however many get it."""

    def __init__(self, answer: bytes) -> None:
        text = unpack(body_of(answer), encoding_of(answer)).decode()
        found = re.search(r'hx-get="([^"]*[?&;]v=\d+\.(\d+)[^"]*)"', text)
        pace = re.search(r'hx-trigger="every (\d+)s', text)
        assert found and pace, text[:500]
        self.version = int(found[2])
        """The event's part of `v`: it moves by one with each letter."""
        self.pace = float(pace[1])
        self.request = get(html.unescape(found[1]), **BROWSER)


def unpack(body: bytes, encoding: str) -> bytes:
    """A body without its compression."""
    if encoding == "br":
        return bytes(brotli.decompress(body))
    return gzip.decompress(body) if encoding == "gzip" else body


def encoding_of(answer: bytes) -> str:
    """How an answer's body is compressed."""
    head = answer.partition(b"\r\n\r\n")[0].lower()
    return next(
        (name for name in ("br", "gzip") if b"content-encoding: %b" % name.encode() in head), ""
    )


class Watcher:
    """One screen: its connection, and the fragment it shows."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.shows: Fragment | None = None
        self.is_waiting = False


class Crowd:
    """All of them, in one loop."""

    def __init__(self, port: int, path: str, size: int) -> None:
        self.first_request = get(path, **BROWSER)
        self.statuses: Counter[int] = Counter()
        self.late = 0
        self.waits = array("d")
        self.arrivals = array("d")
        """By threes: when, the version shown until then, the version shown from then on."""
        self._fragments: dict[bytes, Fragment] = {}
        self._poller = select.epoll()
        self._watchers: dict[int, Watcher] = {}
        self._due: list[tuple[float, int]] = []
        for _ in range(size):
            watcher = Watcher(Connection(port))
            number = watcher.connection.socket.fileno()
            self._watchers[number] = watcher
            self._poller.register(number, select.EPOLLIN)

    def watch(self, seconds: float) -> None:
        """Everybody starts at a moment of the first two seconds."""
        began = time.monotonic()
        offsets = sorted(random.uniform(0, 2) for _ in self._watchers)
        self._due = [(began + o, n) for o, n in zip(offsets, self._watchers, strict=True)]
        until = began + seconds
        while (now := time.monotonic()) < until:
            while self._due and self._due[0][0] <= now:
                self._ask(self._watchers[heapq.heappop(self._due)[1]])
            for number, _event in self._poller.poll(self._pause(now)):
                self._hear(self._watchers[number])
        now = time.perf_counter()
        self.late += sum(
            watcher.is_waiting and now - watcher.connection.sent_at > PATIENCE
            for watcher in self._watchers.values()
        )

    def _pause(self, now: float) -> float:
        return min(0.05, max(0.0, self._due[0][0] - now)) if self._due else 0.05

    def _ask(self, watcher: Watcher) -> None:
        request = watcher.shows.request if watcher.shows else self.first_request
        try:
            watcher.connection.send(request)
            watcher.is_waiting = True
        except OSError:
            self._lose(watcher)

    def _hear(self, watcher: Watcher) -> None:
        try:
            answer = watcher.connection.receive()
        except OSError:
            self._lose(watcher)
            return
        if answer is None:
            return
        watcher.is_waiting = False
        wait = time.perf_counter() - watcher.connection.sent_at
        self.waits.append(wait)
        self.late += wait > PATIENCE
        status = int(answer[9:12])
        self.statuses[status] += 1
        now = time.monotonic()
        if status == 200:
            self._show(watcher, answer, now)
        pace = watcher.shows.pace if watcher.shows else 2.0
        heapq.heappush(self._due, (now + pace, watcher.connection.socket.fileno()))

    def _show(self, watcher: Watcher, answer: bytes, now: float) -> None:
        body = body_of(answer)
        fragment = self._fragments.get(body)
        if fragment is None:
            fragment = self._fragments[body] = Fragment(answer)
        old = watcher.shows.version if watcher.shows else fragment.version
        self.arrivals.extend((now, old, fragment.version))
        watcher.shows = fragment

    def _lose(self, watcher: Watcher) -> None:
        self.statuses[0] += 1
        watcher.is_waiting = False
        self._poller.unregister(watcher.connection.socket.fileno())


def main() -> None:
    asked = json.load(sys.stdin)
    crowd = Crowd(asked["port"], asked["path"], asked["watchers"])
    # The one who started this logs letters from now on.
    print("watching", flush=True)
    before = time.process_time()
    crowd.watch(asked["seconds"])
    with open(asked["file"], "wb") as file:
        crowd.arrivals.tofile(file)
    waits = sorted(crowd.waits)
    said = {
        "statuses": {str(status): n for status, n in crowd.statuses.items()},
        "late": crowd.late,
        "poll_p95_ms": waits[int(len(waits) * 0.95)] * 1000 if waits else None,
        "polls_a_second": len(waits) / asked["seconds"],
        "client_cpu": (time.process_time() - before) / asked["seconds"],
    }
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
