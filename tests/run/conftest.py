"""A copy of the launcher in a folder of its own, so that no test touches the real one's."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ("app", "migrations", "wsgi.py")


@pytest.fixture
def bare_tree(tmp_path: Path) -> Path:
    """Lettertally as it is unpacked: nothing installed, nothing made."""
    for name in ("run", "requirements.in", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    for name in SHARED:
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.fixture
def tree(bare_tree: Path, launcher: ModuleType) -> Path:
    """Lettertally as it is once installed: a .venv that borrows the packages of this one."""
    venv = bare_tree / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (venv / "lib").symlink_to(Path(sys.prefix) / "lib")
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", venv)
    for part in ("server", "tests"):
        digest = hashlib.sha256(launcher.read_lock(part).encode()).hexdigest()
        (venv / f"{part}.sha256").write_text(digest)
    return bare_tree


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
    own = {name: value for name, value in os.environ.items() if not name.startswith("LETTERTALLY_")}
    return own | {
        "LETTERTALLY_INSTANCE": str(tmp_path / "instance"),
        "LETTERTALLY_PORT": str(free_port),
    }


@pytest.fixture
def is_migrated(tmp_path: Path, migrated_file: Path) -> None:
    """The instance has a database of the newest schema already."""
    (tmp_path / "instance").mkdir(mode=0o700)
    shutil.copy(migrated_file, tmp_path / "instance" / "lettertally.db")


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def run(environ: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call `tree/run` with arguments, and settings by the names of their fields."""

    def call(tree: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        named = {f"LETTERTALLY_{name.upper()}": value for name, value in settings.items()}
        return subprocess.run(
            [sys.executable, str(tree / "run"), *arguments],
            env=environ | named,
            capture_output=True,
            text=True,
            timeout=50,
        )

    return call
