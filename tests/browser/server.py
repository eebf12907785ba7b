"""The server as it is shipped, started by `run` in a copy that speaks one more language."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
UP_OR_DOWN_WITHIN = 120
"""Seconds: on a busy machine even a start takes half a minute."""
LANGUAGES = "en,ar,ar_XB"
BELOW_THOSE_OF_CALLERS = range(20_000, 32_000)
"""Of these ports no system picks one for an outgoing connection."""


def copy_tree(folder: Path, translations: Path) -> Path:
    """Lettertally as it would be if the pseudo-locale were one of its languages."""
    for name in ("app", "migrations"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("run", "wsgi.py"):
        shutil.copy(ROOT / name, folder)
    for name in (".venv", "requirements.in", "requirements.txt"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(translations, folder / "app" / "translations", dirs_exist_ok=True)
    return folder


class ShippedServer:
    """A process that can be stopped, killed and started again on its own port."""

    def __init__(
        self, tree: Path, instance: Path, languages: str = LANGUAGES, **others: str
    ) -> None:
        self.tree = tree
        self.instance = instance
        self.languages = languages
        self.others = others
        self.port = free_port()
        self.base_url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        own = {k: v for k, v in os.environ.items() if not k.startswith("LETTERTALLY_")}
        settings = {
            "LETTERTALLY_INSTANCE": str(self.instance),
            "LETTERTALLY_PORT": str(self.port),
            "LETTERTALLY_LANGUAGES": self.languages,
            **self.others,
        }
        with (self.instance / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.tree / ".venv" / "bin" / "python", "run"],
                cwd=self.tree,
                env=own | settings,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + UP_OR_DOWN_WITHIN
        while not self.answers():
            assert time.monotonic() < deadline, self.said()
            assert not self.has_ended(within=0.05), self.said()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, politely or not, and wait until its port is silent."""
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(UP_OR_DOWN_WITHIN)
        self.process = None
        deadline = time.monotonic() + UP_OR_DOWN_WITHIN
        while self.answers():
            assert time.monotonic() < deadline, "somebody holds the port"

    def answers(self) -> bool:
        """Whether the port answers a request at all, whatever the answer is."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return client.recv(12).startswith(b"HTTP/1.1")
        except OSError:
            return False

    def has_ended(self, *, within: float) -> bool:
        """Whether the process is gone, now or in so many seconds."""
        assert self.process is not None
        try:
            self.process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def said(self) -> str:
        """What it wrote while it ran."""
        return (self.instance / "server.log").read_text()


def free_port() -> int:
    """A port that nobody listens on, nor is given while its server is down, to call somebody."""
    while True:
        port = random.SystemRandom().choice(BELOW_THOSE_OF_CALLERS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
