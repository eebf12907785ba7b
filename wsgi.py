"""What the server serves: the app, its ticker, and a worker that ends with its launcher."""

from __future__ import annotations

import multiprocessing
import os
import threading

from app import create_app, create_front, ticker
from app.database import db, journal_mode

app = create_app()
front = create_front(app)


def end_with_launcher() -> None:
    """Leave when the launcher is gone, however it went: a worker left behind holds the port."""
    launcher = multiprocessing.parent_process()
    if launcher is not None:
        launcher.join()
        os._exit(1)


with app.app_context():
    if db.engine.dialect.name == "sqlite" and journal_mode() != "wal":
        app.logger.warning(
            "This machine's SQLite has the WAL-reset fault: using the rollback journal, "
            "which is as safe but slower."
        )

ticker.start(app)
threading.Thread(target=end_with_launcher, name="end-with-launcher", daemon=True).start()
