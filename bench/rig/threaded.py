"""Serve the app as most web servers would: each request holds a thread while it comes in."""

from __future__ import annotations

import granian.server
from granian.constants import Interfaces

from bench.rig.bare.serve import load_run

USUAL_THREADS = 64


def main() -> None:
    run = load_run()
    shipped = granian.server.Server

    def serve_with_threads(_target: str, **options: object) -> granian.server.Server:
        usual = {"interface": Interfaces.WSGI, "blocking_threads": USUAL_THREADS}
        return shipped("wsgi:app", **(options | usual))

    granian.server.Server = serve_with_threads
    run.serve(run.read_settings())


if __name__ == "__main__":
    main()
