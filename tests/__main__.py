"""What `./run test` does: check the code and run the tests, or the tests of one kind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.temporary_postgresql import temporary_postgresql

BIN = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest")
ON_A_DATABASE = ("-m", "database")
ON_ALL_CORES = ("--numprocesses", "auto", "--dist", "worksteal")
"""For whole suites; a few tests are faster in one process."""


def main(arguments: list[str]) -> int:
    if "--browser" in arguments:
        arguments.remove("--browser")
        return in_browser(arguments)
    if "--postgres" in arguments:
        arguments.remove("--postgres")
        return on_postgres(arguments)
    return everything(arguments)


def everything(arguments: list[str]) -> int:
    """Run every kind of check; the first that failed gives the exit code."""
    codes = {
        "ruff check": step("ruff check", BIN / "ruff", "check", "."),
        "ruff format": step("ruff format", BIN / "ruff", "format", "--check", "."),
        "mypy": step("mypy", BIN / "mypy"),
        "lint-imports": step("lint-imports", BIN / "lint-imports"),
        "pytest": step("pytest", *PYTEST, *(arguments or ON_ALL_CORES)),
    }
    failed = {name: code for name, code in codes.items() if code}
    if failed:
        print(f"\nFailed: {', '.join(failed)}", flush=True)
    return next(iter(failed.values()), 0)


def in_browser(arguments: list[str]) -> int:
    """Run the tests in Chromium; root on Debian gets one installed."""
    if not shutil.which("chromium"):
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            print("The tests in a browser need Chromium; on Debian: apt install chromium")
            return 1
        install = ["apt-get", "install", "-qq", "--no-install-recommends", "chromium"]
        if step("apt-get update", "apt-get", "-qq", "update") or step("apt-get install", *install):
            return 1
    return step("pytest in Chromium", *PYTEST, "tests/browser", *arguments)


def on_postgres(arguments: list[str]) -> int:
    """Run every test that stands on a database on a PostgreSQL made for them."""
    try:
        with temporary_postgresql() as url:
            os.environ["LETTERTALLY_TEST_DATABASE_URL"] = url
            how = arguments or ON_ALL_CORES
            return step("pytest on PostgreSQL", *PYTEST, *ON_A_DATABASE, *how)
    except LookupError as error:
        print(error)
        return 1


def step(name: str, *command: str | Path) -> int:
    print(f"\n== {name}", flush=True)
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
