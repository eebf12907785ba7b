"""The other end of the front: requests as granian hands them over, without a network."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from app.front import Front

PATIENCE = 30


class Headers:
    def __init__(self, *lines):
        self.lines = lines

    def __contains__(self, name):
        return name in dict(self.lines)

    def get(self, name, default=None):
        return dict(self.lines).get(name, default)

    def items(self):
        return list(self.lines)


def scope_of(method, path, *headers):
    return SimpleNamespace(
        method=method,
        path=path,
        query_string="v=1",
        scheme="http",
        http_version="1.1",
        server="127.0.0.1:8000",
        client="10.0.0.7:5000",
        headers=Headers(("host", "here"), *headers),
    )


class Sender:
    """The other end of a request: its body in pieces, each sent when `may_send` is set."""

    def __init__(self, *pieces, is_slow=False, breaks_off=False):
        self.pieces = iter(pieces)
        self.may_send = asyncio.Event()
        if not is_slow:
            self.may_send.set()
        self.breaks_off = breaks_off
        self.said = None

    async def __call__(self):
        await self.may_send.wait()
        return b"".join(self.pieces)

    def __aiter__(self):
        return self

    async def __anext__(self):
        await self.may_send.wait()
        try:
            return next(self.pieces)
        except StopIteration:
            if self.breaks_off:
                raise RuntimeError("transport") from None
            raise StopAsyncIteration from None

    def response_bytes(self, status, headers, body):
        self.said = (status, headers, body)


def echo(environ, start_response):
    start_response("200 OK", [("X-Path", environ["PATH_INFO"])])
    return [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or -1))]


def serve(application, talk, *, threads=1, **others):
    """Let `talk` speak to a front around `application`, inside one event loop."""

    async def run():
        it = Front(application, threads=threads, **others)
        it.__rsgi_init__(asyncio.get_running_loop())
        async with asyncio.timeout(PATIENCE):
            await talk(it)

    asyncio.run(run())


def post(path, size):
    return scope_of("POST", path, ("content-length", str(size)))
