"""Alembic's way into the app: one database, the models' metadata, one transaction per revision."""

from alembic import context
from flask import current_app

from app.database import db

# The chooser in `./run` and Alembic itself agree on one connection per upgrade.
engine = db.engine


def keep_triggers(obj, name, type_, reflected, compare_to):  # type: ignore[no-untyped-def]
    """Alembic's own table is no part of the models."""
    return not (type_ == "table" and name == "alembic_version")


def run_migrations() -> None:
    """Upgrade or downgrade on a connection that holds the write lock from its first statement."""
    with engine.connect().execution_options(writes=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=keep_triggers,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


current_app.logger.debug("migrating")
run_migrations()
