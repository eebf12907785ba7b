"""Requests byte by byte as they are given, and what came back; http.client would not send these."""

from __future__ import annotations

import contextlib
import socket

PATIENCE = 30.0
DROPPED = 0


class RawClient:
    """One keep-alive connection, made anew whenever the server has had enough of it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def send(self, request: bytes, *, is_head: bool) -> tuple[int, bytes]:
        """Status and head of the answer; status 0 when the server hung up without one."""
        for _try in range(2):
            was_kept = self._socket is not None
            status, head = self._try(request, is_head=is_head)
            # A connection that was kept may have been let go in the meantime.
            if status != DROPPED or not was_kept:
                break
        if status in (DROPPED, 400, 413) or b"\r\nconnection: close" in head.lower():
            self.close()
        return status, head

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def _try(self, request: bytes, *, is_head: bool) -> tuple[int, bytes]:
        try:
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
            # Who sends too much is answered and hung up on before all of it is out.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._socket.sendall(request)
            return self._read(is_head=is_head)
        except (OSError, ValueError):
            self.close()
            return DROPPED, b""

    def _read(self, *, is_head: bool) -> tuple[int, bytes]:
        received = b""
        while True:
            head, found, body = received.partition(b"\r\n\r\n")
            if found and head[9:10] != b"1":
                break
            received = body if found else received + self._receive()
        status = int(head[9:12])
        has_body = not is_head and status not in (204, 304)
        self._skip(head.lower(), body if has_body else None)
        return status, head

    def _skip(self, head: bytes, body: bytes | None) -> None:
        if body is None:
            return
        _, is_told, rest = head.partition(b"\r\ncontent-length:")
        if is_told:
            left = int(rest.split(b"\r\n")[0]) - len(body)
            while left > 0:
                left -= len(self._receive())
        elif b"\r\ntransfer-encoding: chunked" in head:
            while not body.endswith(b"0\r\n\r\n"):
                body = body[-5:] + self._receive()
        else:
            self.close()

    def _receive(self) -> bytes:
        assert self._socket
        piece = self._socket.recv(262_144)
        if not piece:
            raise ConnectionResetError
        return piece


def bytes_of(method: str, target: bytes, headers: list[tuple[str, bytes]], body: bytes) -> bytes:
    """A request as it goes over the wire."""
    lines = [b"%s %s HTTP/1.1" % (method.encode(), target)]
    lines += [name.encode() + b": " + value for name, value in headers]
    lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
