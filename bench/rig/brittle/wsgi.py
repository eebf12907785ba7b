"""The app with two faults planted in it."""

from __future__ import annotations

from app import create_app
from bench.rig.brittle import plant

app = create_app()
plant(app)
