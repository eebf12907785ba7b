"""P7: from a fresh clone to the first answer, and from a second start to the first answer.

The clone is of the last commit; pip takes the packages from its cache or from the network, which is
said beside the figure. `--no-cache` leaves the cache out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from bench.rig.figures import Figures, median
from bench.rig.server import ROOT, Server

PORT = 8306
COLD_BAR, WARM_BAR = 30, 2
WARM_STARTS = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--no-cache", action="store_true", help="download every package")
    chosen = options.parse_args()
    if chosen.no_cache:
        os.environ["PIP_NO_CACHE_DIR"] = "1"
    figures = Figures("start: ./run on a fresh clone, and again")
    folder = Path(tempfile.mkdtemp(prefix="bench-start-", dir=ROOT / "instance"))
    try:
        tree = folder / "lettertally"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(tree)], check=True)
        python = shutil.which("python3") or "python3"
        server = Server(tree / "instance", PORT, command=[python, str(tree / "run")])
        server.log = folder / "log"
        began = time.monotonic()
        server.start(patience=300)
        cold = time.monotonic() - began
        server.stop()
        figures.note(f"cold with {'no pip cache' if chosen.no_cache else 'the pip cache as it is'}")
        figures.at_most("cold start, until the first answer", cold, COLD_BAR, " s")
        warm = []
        for _ in range(WARM_STARTS):
            warm.append(server.start())
            server.stop()
        figures.at_most(f"warm start, median of {WARM_STARTS}", median(warm), WARM_BAR, " s")
    finally:
        shutil.rmtree(folder)
    figures.end()


if __name__ == "__main__":
    main()
