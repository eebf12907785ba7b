"""The app with two faults planted in it."""

from __future__ import annotations

from app import create_app, create_front
from app.server import serve
from bench.rig.brittle import plant

app = create_app()
plant(app)
front = create_front(app)

if __name__ == "__main__":
    serve(front, app.config["LETTERTALLY"])
