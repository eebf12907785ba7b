"""A PostgreSQL for the tests: made in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN = "/usr/lib/postgresql"
# A test database is thrown away, so nothing needs to reach the disk.
LASTS_FOR_MOMENTS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
# To make or drop a database the server goes through all its buffers, and the tests make thousands.
COMES_AND_GOES = "-c shared_buffers=32MB -c autovacuum=off"


@contextmanager
def temporary_postgresql() -> Iterator[str]:
    """A running server's database URL; raises `LookupError` where PostgreSQL is not installed."""
    binaries = find_binaries()
    # The server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    # In memory, a database of its own for every test takes a tenth of the time.
    in_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="lettertally-postgresql-", dir=in_memory) as folder:
        if user:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        port = free_port()

        def say(*command: str) -> None:
            subprocess.run(
                command, check=True, cwd=folder, user=user, stdout=subprocess.DEVNULL, timeout=60
            )

        say(f"{binaries}/initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "-N")
        listen = f"-p {port} -h 127.0.0.1 -k {folder} {LASTS_FOR_MOMENTS} {COMES_AND_GOES}"
        say(f"{binaries}/pg_ctl", "-D", data, "-o", listen, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://tests@127.0.0.1:{port}/postgres"
        finally:
            say(f"{binaries}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def find_binaries() -> Path:
    """The folder of `initdb` and `pg_ctl`: from PATH, else Debian's newest."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path(DEBIAN).glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    if not found:
        raise LookupError("These tests need PostgreSQL; on Debian: apt install postgresql")
    return found[-1].parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
