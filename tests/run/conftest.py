"""A copy of the launcher in a folder of its own, so that no test touches the real one's."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from app.catalogues import compile_catalogues

ROOT = Path(__file__).parents[2]
SHARED = ("app", "migrations", "wsgi.py")


@pytest.fixture
def bare_tree(tmp_path: Path) -> Path:
    """Lettertally as it is unpacked: nothing installed, nothing made."""
    return unpack(tmp_path)


@pytest.fixture
def tree(bare_tree: Path, launcher: ModuleType) -> Path:
    """Lettertally as it is once installed: a .venv that borrows the packages of this one."""
    return install(bare_tree, launcher)


def unpack(folder: Path) -> Path:
    for name in ("run", "requirements.in", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    for name in SHARED:
        (folder / name).symlink_to(ROOT / name)
    return folder


def install(tree: Path, launcher: ModuleType) -> Path:
    venv = tree / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (venv / "lib").symlink_to(Path(sys.prefix) / "lib")
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", venv)
    for part in ("server", "tests"):
        digest = hashlib.sha256(launcher.read_lock(part).encode()).hexdigest()
        (venv / f"{part}.sha256").write_text(digest)
    return tree


@pytest.fixture(scope="session")
def launcher() -> ModuleType:
    """The real launcher as a module, to ask its functions."""
    loader = SourceFileLoader("launcher", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader("launcher", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def environ(tmp_path: Path, free_port: int) -> dict[str, str]:
    """The environment of somebody who has only chosen a folder and a port."""
    return plain_environ() | {
        "LETTERTALLY_INSTANCE": str(tmp_path / "instance"),
        "LETTERTALLY_PORT": str(free_port),
    }


def plain_environ() -> dict[str, str]:
    return {name: said for name, said in os.environ.items() if not name.startswith("LETTERTALLY_")}


@pytest.fixture(scope="session")
def prepared(workshop: Path, migrated_file: Path) -> Path:
    """An instance whose database and words are this code's: nothing is to be done at a start."""
    folder = workshop / "prepared"
    folder.mkdir(mode=0o700)
    shutil.copy(migrated_file, folder / "lettertally.db")
    compile_catalogues(folder)
    return folder


@pytest.fixture
def is_prepared(tmp_path: Path, prepared: Path) -> None:
    """The instance is one that was started before."""
    shutil.copytree(prepared, tmp_path / "instance")


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port that nobody listens on, and nobody else is given meanwhile."""
    with reserved_port() as port:
        yield port


@contextmanager
def reserved_port() -> Iterator[int]:
    """Bound and never listened on: a server may have it, the kernel hands it to nobody.

    Else it may go to another test's server, or to the very client that looks for the server.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


@pytest.fixture
def run(environ: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call `tree/run` with arguments, and settings by the names of their fields."""

    def call(tree: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        named = {f"LETTERTALLY_{name.upper()}": value for name, value in settings.items()}
        return launch(tree, *arguments, environ=environ | named)

    return call


def launch(
    tree: Path, *arguments: str, environ: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(tree / "run"), *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.fixture(scope="session")
def marathon(tmp_path_factory: pytest.TempPathFactory, launcher: ModuleType) -> Path:
    """An instance with an invented marathon on it, made once, to be copied."""
    tree = install(unpack(tmp_path_factory.mktemp("installed")), launcher)
    environ = plain_environ() | {"LETTERTALLY_INSTANCE": str(tree / "instance")}
    done = launch(tree, "demo", "--load-only", environ=environ)
    assert done.returncode == 0, done.stderr
    return tree / "instance"
