"""Servers under measure: the shipped one as `./run` starts it, and a bare one beside it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BARE = ROOT / "bench" / "rig" / "bare"
SECONDS_TO_START = 60.0
SECONDS_TO_END = 20.0
TICKS = os.sysconf("SC_CLK_TCK")
NOT_A_DISK = {"tmpfs", "ramfs"}


@contextlib.contextmanager
def instance_folder() -> Iterator[Path]:
    """A folder for one run beside the real instance, on its disk: only there fsync is real."""
    parent = ROOT / "instance"
    parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        yield Path(folder)


def disk_of(folder: Path) -> str:
    """The device and file system a folder is on, as the kernel names them."""
    best = ("", "unknown", "unknown")
    for line in Path("/proc/mounts").read_text().splitlines():
        device, point, kind = line.split()[:3]
        inside = folder.is_relative_to(point)
        if inside and len(point) >= len(best[0]):
            best = (point, device, kind)
    where = f"{best[2]} on {best[1]}"
    return f"{where}, which is NO DISK: fsync is free there" if best[2] in NOT_A_DISK else where


class Server:
    """A server process of this run, with its own port, settings and log."""

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        is_bare: bool = False,
        command: list[str] | None = None,
        **settings: int | str,
    ) -> None:
        self.folder = folder
        self.port = port
        self.log = folder / f"server-{port}.log"
        script = (BARE / "serve.py") if is_bare else (ROOT / "run")
        self._command = command or [sys.executable, str(script)]
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, *, patience: float = SECONDS_TO_START) -> float:
        """Start it; the seconds until it answered for the first time."""
        if answers(self.port):
            raise SystemExit(f"Port {self.port} is taken: is another benchmark running?")
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=environment_for(self.folder, port=self.port, **self._settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not answers(self.port):
            if self._process.poll() is not None or time.monotonic() - began > patience:
                self.kill()
                raise SystemExit(f"The server did not start:\n{self.tail()}")
            time.sleep(0.02)
        return time.monotonic() - began

    def stop(self) -> None:
        """End it as an operator would, and when that takes too long without mercy."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """`kill -9` for the launcher and its worker at once; back when both are gone."""
        if self._process is None:
            return
        pids = self._pids()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        until = time.monotonic() + SECONDS_TO_END
        while any(os.path.exists(f"/proc/{pid}/fd") for pid in pids) and time.monotonic() < until:
            time.sleep(0.01)

    def freeze(self) -> None:
        """Let none of its threads go on, as a machine without power does not; `kill` it next."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGSTOP)
        until = time.monotonic() + SECONDS_TO_END
        # A thread inside the kernel, waiting for a disk, stops when it would come back out.
        while any(state not in "TtD" for state in self._thread_states()):
            if time.monotonic() > until:
                raise SystemExit("The server cannot be stopped.")
            time.sleep(0.001)

    def cpu_seconds(self) -> float:
        """What all its processes have used of the processors so far."""
        return sum(
            sum(map(int, stat.rsplit(") ", 1)[1].split()[11:13])) / TICKS
            for stat in self._read_each("stat")
        )

    def memory_mb(self) -> float:
        """The resident memory of all its processes; what they share counts once for each."""
        return self._sum_kb("status", "VmRSS:") / 1024

    def shared_memory_mb(self) -> float:
        """The same, but what processes share is divided among them (PSS)."""
        return self._sum_kb("smaps_rollup", "Pss:") / 1024

    def memory_by_process(self) -> list[float]:
        """The resident memory of each of its processes in MB, the launcher's first."""
        lines = (status.partition("VmRSS:")[2] for status in self._read_each("status"))
        return [int(line.split()[0]) / 1024 for line in lines if line]

    def thread_count(self) -> int:
        """How many threads its processes have."""
        return self._sum_kb("status", "Threads:")

    def tail(self) -> str:
        """The end of what it said."""
        return self.log.read_text(errors="replace")[-2000:]

    def _sum_kb(self, file: str, name: str) -> int:
        return sum(
            int(line.split()[1])
            for text in self._read_each(file)
            for line in text.splitlines()
            if line.startswith(name)
        )

    def _read_each(self, file: str) -> Iterator[str]:
        for pid in self._pids():
            with contextlib.suppress(OSError):
                yield Path(f"/proc/{pid}/{file}").read_text()

    def _thread_states(self) -> Iterator[str]:
        for pid in self._pids():
            for stat in Path(f"/proc/{pid}/task").glob("*/stat"):
                with contextlib.suppress(OSError):
                    yield stat.read_text().rsplit(") ", 1)[1][0]

    def _pids(self) -> list[int]:
        if self._process is None:
            return []
        found = [self._process.pid]
        for pid in found:
            with contextlib.suppress(OSError):
                for children in Path(f"/proc/{pid}/task").glob("*/children"):
                    found += map(int, children.read_text().split())
        return found


def environment_for(folder: Path, **settings: int | str) -> dict[str, str]:
    """An environment with nothing of ours in it but this folder and these settings."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("LETTERTALLY_")}
    environ |= {f"LETTERTALLY_{name.upper()}": str(value) for name, value in settings.items()}
    environ.pop("PYTHONPATH", None)
    return environ | {"LETTERTALLY_INSTANCE": str(folder)}


def answers(port: int) -> bool:
    """Whether an HTTP server speaks there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(
                b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            )
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False
