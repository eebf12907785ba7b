"""What the server serves: the app and its ticker. Run by the keeper, it is the server."""

from __future__ import annotations

from app import create_app, create_front, ticker
from app.database import db, journal_mode
from app.server import serve
from app.serving import hold

app = create_app()
front = create_front(app)


with app.app_context():
    if db.engine.dialect.name == "sqlite" and journal_mode() != "wal":
        app.logger.warning(
            "This machine's SQLite has the WAL-reset fault: using the rollback journal, "
            "which is as safe but slower."
        )

for folder in app.config["LETTERTALLY"].folders:
    hold(folder)
ticker.start(app)
if __name__ == "__main__":
    serve(front, app.config["LETTERTALLY"])
