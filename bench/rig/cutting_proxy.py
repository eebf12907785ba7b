"""A TCP proxy between browsers and the server that swallows some answers and hangs up instead."""

from __future__ import annotations

import contextlib
import random
import select
import socket
import socketserver
import threading


class CuttingProxy:
    """Use as a context; listens on `port`, hands on to `to_port`, cuts a share of the answers."""

    def __init__(self, port: int, to_port: int, *, share: float) -> None:
        self.answers = 0
        self.cut = 0
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    proxy._serve(self.request, to_port, share)

        class Listener(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._listener = Listener(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._listener.serve_forever)

    def __enter__(self) -> CuttingProxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    def _serve(self, browser: socket.socket, to_port: int, share: float) -> None:
        with socket.create_connection(("127.0.0.1", to_port)) as server:
            while True:
                for ready in select.select([browser, server], [], [])[0]:
                    # A press's answer is small enough to come in one piece.
                    piece = ready.recv(65536)
                    if not piece:
                        return
                    if ready is browser:
                        server.sendall(piece)
                        continue
                    self.answers += 1
                    if random.random() < share:
                        # The server has committed; the browser hears nothing of it.
                        self.cut += 1
                        return
                    browser.sendall(piece)
