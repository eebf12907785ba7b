"""The front: requests come in without a thread, however slowly, and threads only ever work.

granian hands each request to `Front` by its RSGI interface, in one event loop. Its body is awaited
there; then a thread of the pool asks the WSGI application, which is all the rest of the app. Polls
whose answer is in memory are answered on the spot, and presses go to one thread of their own, which
takes all those that have come as one. What keeps a thread long, a big body that is still coming or
a password that is looked at, goes by a narrow lane, and waits for its place in the loop as well.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import io
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from app.bodies import MOST_AWAITED, PATIENCE, Pieces, gather
from app.lanes import FULL, Lane

LANES = 4
"""The part of all threads that a lane has: a quarter."""
MOST_WAITING = 60
"""Who waits in a lane: a whole hall of organisers who sign in at the same moment."""
PASSWORD_PATIENCE = 20.0
"""Seconds that they wait at the most."""
MOST_TOGETHER = 32
"""Presses that are asked as one."""
TOO_SLOW = (408, [("connection", "close")], b"")
TOO_BIG = (413, [("connection", "close")], b"")
BROKEN = (500, [("content-type", "text/plain")], b"Something went wrong here. Please try again.")

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Answer(NamedTuple):
    """What a WSGI application said, whole."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Polls(Protocol):
    """Who may know an answer by heart."""

    def find(self, path: str, query: str, host: str, encodings: str) -> Answer | None:
        """The answer that can be given at once, without asking anybody."""


class Presses(Protocol):
    """Who asks about several presses as one."""

    def is_press(self, environ: Environ) -> bool:
        """Whether this is one of those."""

    def answer_together(self, environs: Sequence[Environ]) -> list[Answer]:
        """The answer to each, once all that they wrote is committed."""


def ask(application: Application, environ: Environ) -> Answer:
    """Call a WSGI application, and gather its whole answer."""
    said: list[Any] = []
    body = application(environ, lambda *line: said.append(line))
    try:
        content = b"".join(body)
    finally:
        getattr(body, "close", lambda: None)()
    return Answer(said[-1][0], said[-1][1], content)


class Front:
    """An RSGI application around a WSGI one."""

    def __init__(
        self,
        application: Application,
        *,
        threads: int,
        polls: Polls | None = None,
        presses: Presses | None = None,
        looks_at_password: Callable[[Environ], bool] = lambda _: False,
    ) -> None:
        self._application = application
        self._polls, self._presses = polls, presses
        self._looks_at_password = looks_at_password
        width = max(1, threads // LANES)
        self._uploads = Lane(width, most_waiting=MOST_WAITING, patience=PATIENCE)
        self._passwords = Lane(width, most_waiting=MOST_WAITING, patience=PASSWORD_PATIENCE)
        self._workers = concurrent.futures.ThreadPoolExecutor(threads, "works")
        self._line: queue.SimpleQueue[tuple[Environ, asyncio.Future[Any]]] = queue.SimpleQueue()
        self._polled: dict[str, asyncio.Future[Any]] = {}
        """Polls that a thread has been asked about, by path."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        if self._presses:
            threading.Thread(target=self._work_on_presses, name="presses", daemon=True).start()

    def finish(self) -> None:
        """Wait until the threads are done with what they were asked, also by who has gone since."""
        self._workers.shutdown()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        headers = scope.headers
        path: str = scope.path
        is_poll = self._polls is not None and path.endswith("/tally") and scope.method == "GET"
        answer = await self._find_poll(scope, headers) if is_poll else None
        if answer is not None:
            protocol.response_bytes(int(answer.status[:3]), answer.headers, answer.body)
            return
        try:
            body = await self._receive(scope.method, headers, protocol)
        except TimeoutError:
            protocol.response_bytes(*TOO_SLOW)
            return
        except OverflowError:
            protocol.response_bytes(*TOO_BIG)
            return
        except RuntimeError:
            # So granian says that the sender has gone.
            return
        environ = environ_of(scope, body)
        done = self._loop.create_future()
        if is_poll and path not in self._polled:
            self._polled[path] = done
            done.add_done_callback(lambda _: self._polled.pop(path))
        if self._presses is not None and self._presses.is_press(environ):
            self._line.put((environ, done))
        else:
            await self._let_work(environ, done)
        protocol.response_bytes(*await done)

    async def _let_work(self, environ: Environ, done: asyncio.Future[Any]) -> None:
        """Have a thread see to it, by its lane; what finds no place there is told so by the app."""
        lane = None
        if isinstance(environ["wsgi.input"], io.BufferedReader):
            lane = self._uploads
        elif self._looks_at_password(environ):
            lane = self._passwords
        if lane and not await lane.enter():
            environ[FULL], lane = int(lane.patience), None
        self._workers.submit(self._work, environ, done, lane)

    async def _receive(self, method: str, headers: Any, protocol: Any) -> io.BufferedIOBase:
        """The body, come whole; a big one is left to whoever reads it.

        Raises TimeoutError, and OverflowError for one that did not say how big it is.
        """
        sent = headers.get("content-length", "")
        length = sent if sent.isdecimal() else ""
        if method in ("GET", "HEAD") or not (int(length or 0) or "transfer-encoding" in headers):
            return io.BytesIO()
        if int(length or 0) > MOST_AWAITED:
            return io.BufferedReader(Pieces(protocol, self._loop))
        async with asyncio.timeout(PATIENCE):
            if length:
                return io.BytesIO(await protocol())
            return await gather(protocol)

    async def _find_poll(self, scope: Any, headers: Any) -> Answer | None:
        """The answer in memory; while a thread sees to another, that is waited for first."""
        assert self._polls
        asked = scope.path, scope.query_string, headers.get("host", ""), headers.get(ENCODINGS, "")
        answer = self._polls.find(*asked)
        if answer is None and scope.path in self._polled:
            # Thousands ask at the moment when the count has moved, and would fill all threads.
            await asyncio.wait([self._polled[scope.path]])
            answer = self._polls.find(*asked)
        return answer

    def _work(self, environ: Environ, done: asyncio.Future[Any], lane: Lane | None) -> None:
        try:
            answer = _ready(ask(self._application, environ))
        except Exception:
            answer = _broken()
        if lane:
            # Before anybody is told: whoever comes upon this answer finds the place free.
            self._loop.call_soon_threadsafe(lane.leave)
        self._loop.call_soon_threadsafe(_tell, [(done, answer)])

    def _work_on_presses(self) -> None:
        assert self._presses
        while True:
            waiting = [self._line.get()]
            with contextlib.suppress(queue.Empty):
                while len(waiting) < MOST_TOGETHER:
                    waiting.append(self._line.get_nowait())
            try:
                together = self._presses.answer_together([environ for environ, _ in waiting])
                answers = [_ready(answer) for answer in together]
            except Exception:
                answers = [_broken()] * len(waiting)
            told = [(done, answer) for (_, done), answer in zip(waiting, answers, strict=True)]
            self._loop.call_soon_threadsafe(_tell, told)


Ready = tuple[int, list[tuple[str, str]], bytes]


def _ready(answer: Answer) -> Ready:
    return int(answer.status[:3]), answer.headers, answer.body


def _broken() -> Ready:
    # Flask answers its own errors; whatever comes this far has no request to be logged with.
    traceback.print_exc(limit=-3)
    return BROKEN


def _tell(told: list[tuple[asyncio.Future[Any], Ready]]) -> None:
    for done, answer in told:
        # Who has gone meanwhile is told nothing.
        if not done.done():
            done.set_result(answer)


ENCODINGS = "accept-encoding"
_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_SAME = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}


def environ_of(scope: Any, body: io.BufferedIOBase) -> Environ:
    """The request as WSGI writes it (PEP 3333)."""
    server, _, port = scope.server.rpartition(":")
    environ = {
        **_SAME,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        # An IPv6 address stands in brackets before its port.
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
    }
    for header, value in scope.headers.items():
        # With an underscore it would pass for the one with a hyphen, which a proxy vouches for.
        if "_" in header:
            continue
        name = _NAMES.get(header) or "HTTP_" + header.upper().replace("-", "_")
        if name in environ:
            # Several lines of one header are one list; who looks at its end must see the last.
            value = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{value}"
        environ[name] = value
    environ.setdefault("HTTP_HOST", "")
    return environ
