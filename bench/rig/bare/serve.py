"""Serve the wsgi.py of a folder, by default this one, as `./run` serves the real one."""

from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def load_run() -> Any:
    """The file `run` as a module: how it serves is what is measured against."""
    loader = SourceFileLoader("lettertally_run", str(HERE.parents[2] / "run"))
    spec = spec_from_loader(loader.name, loader)
    assert spec
    module = sys.modules[loader.name] = module_from_spec(spec)
    loader.exec_module(module)
    return module


def main() -> None:
    run = load_run()
    # Wrong settings are refused here as by `./run`.
    run.read_settings()
    # The apps there borrow from the real one; there is nothing to migrate.
    run.become_keeper(Path(sys.argv[1]).resolve() if sys.argv[1:] else HERE)


if __name__ == "__main__":
    main()
