"""Serve the wsgi.py of a folder, by default this one, with the granian settings of `./run`."""

from __future__ import annotations

import os
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def load_run() -> Any:
    """The file `run` as a module: what it says to granian is what is measured against."""
    loader = SourceFileLoader("lettertally_run", str(HERE.parents[2] / "run"))
    spec = spec_from_loader(loader.name, loader)
    assert spec
    module = sys.modules[loader.name] = module_from_spec(spec)
    loader.exec_module(module)
    return module


def main() -> None:
    run = load_run()
    settings = run.read_settings()
    # The apps there borrow from the real one.
    sys.path.insert(0, str(run.ROOT))
    # granian looks for wsgi.py in that folder instead; there is nothing to migrate.
    folder = Path(sys.argv[1]).resolve() if sys.argv[1:] else HERE
    run.ROOT = folder
    run.prepare = lambda _settings: None
    os.chdir(folder)
    run.serve(settings)


if __name__ == "__main__":
    main()
