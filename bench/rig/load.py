"""Load from one thread: keep-alive connections over epoll, cheap enough not to be the limit."""

from __future__ import annotations

import select
import socket
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

Answered = Callable[[bytes, bytes], None]
NextRequest = Callable[[], bytes | None]
GIVE_UP_AFTER = 10.0
"""Seconds in which nothing at all came back."""


class Outcome(NamedTuple):
    """What came back within a round."""

    seconds: float
    statuses: Counter[int]
    """By status; 0 counts connections that broke."""
    waits: list[float]
    """Seconds from request to answer, in the order of the answers."""

    @property
    def rate(self) -> float:
        """Answers a second that were successes."""
        good = sum(n for status, n in self.statuses.items() if 200 <= status < 300)
        return good / self.seconds

    @property
    def errors(self) -> int:
        """Whatever was no success."""
        return sum(n for status, n in self.statuses.items() if not 200 <= status < 300)


class Connection:
    """One browser's connection: a request under way, and what has come back of its answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._connect()
        self.sent_at = 0.0
        self.received = b""
        self.needed = -1
        self.request = b""

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        return connection

    def send(self, request: bytes) -> None:
        """Send a request, which is small enough for any socket's buffer."""
        self.request, self.received, self.needed = request, b"", -1
        self.sent_at = time.perf_counter()
        self.socket.send(request)

    def receive(self) -> bytes | None:
        """The whole answer once it is there; raises ConnectionError when the server hung up."""
        try:
            piece = self.socket.recv(262_144)
        except BlockingIOError:
            return None
        if not piece:
            raise ConnectionResetError
        self.received = self.received + piece if self.received else piece
        if self.needed < 0:
            self.needed = length_of(self.received)
        return self.received if 0 <= self.needed <= len(self.received) else None


def length_of(answer: bytes) -> int:
    """How long this answer will be in all; -1 while its head is not complete."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return -1
    # The server writes names in small letters, or as the app did.
    at = answer.find(b"ontent-length:", 0, end)
    if at < 0:
        at = answer.find(b"ontent-Length:", 0, end)
    if at < 0:
        return end + 4
    return end + 4 + int(answer[at + 14 : answer.find(b"\r\n", at)])


def body_of(answer: bytes) -> bytes:
    """What comes after the head."""
    return answer.partition(b"\r\n\r\n")[2]


def load(
    port: int,
    next_request: NextRequest,
    *,
    connections: int,
    seconds: float,
    on_answer: Answered | None = None,
) -> Outcome:
    """Keep so many connections busy for so long; `None` for a request means there are no more.

    Requests under way when the time is over are waited for and counted, so that what was stored
    can be compared with what was answered.
    """
    crowd = _Crowd(port, next_request, connections, on_answer)
    began = time.perf_counter()
    crowd.run(until=began + seconds)
    return Outcome(time.perf_counter() - began, crowd.statuses, crowd.waits)


class _Crowd:
    def __init__(
        self, port: int, next_request: NextRequest, size: int, on_answer: Answered | None
    ) -> None:
        self.statuses: Counter[int] = Counter()
        self.waits: list[float] = []
        self._next_request = next_request
        self._on_answer = on_answer
        self._busy = 0
        self._poller = select.epoll()
        self._open: dict[int, Connection] = {}
        for _ in range(size):
            connection = Connection(port)
            self._open[connection.socket.fileno()] = connection
            self._poller.register(connection.socket.fileno(), select.EPOLLIN)

    def run(self, *, until: float) -> None:
        for connection in self._open.values():
            self._go_on(connection)
        last_heard = time.perf_counter()
        while self._busy:
            ready = self._poller.poll(1.0)
            now = time.perf_counter()
            if ready:
                last_heard = now
            elif now - last_heard > GIVE_UP_AFTER:
                self.statuses[0] += self._busy
                break
            for number, _event in ready:
                self._hear(self._open[number], is_over=now >= until)
        self._poller.close()
        for connection in self._open.values():
            connection.socket.close()

    def _hear(self, connection: Connection, *, is_over: bool) -> None:
        try:
            answer = connection.receive()
        except OSError:
            self.statuses[0] += 1
            self._busy -= 1
            self._poller.unregister(connection.socket.fileno())
            return
        if answer is None:
            return
        self._busy -= 1
        self.waits.append(time.perf_counter() - connection.sent_at)
        self.statuses[int(answer[9:12])] += 1
        if self._on_answer:
            self._on_answer(connection.request, answer)
        if not is_over:
            self._go_on(connection)

    def _go_on(self, connection: Connection) -> None:
        request = self._next_request()
        if request is not None:
            connection.send(request)
            self._busy += 1


def get(path: str, **headers: str) -> bytes:
    """A GET as bytes."""
    return _head("GET", path, headers) + b"\r\n"


def post(path: str, body: str, **headers: str) -> bytes:
    """A form's POST as bytes."""
    content = body.encode()
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    headers |= {"Content-Length": str(len(content))}
    return _head("POST", path, headers) + b"\r\n" + content


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n"
