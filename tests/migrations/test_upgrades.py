"""Every step up and down, with letters in the database, on both engines."""

from __future__ import annotations

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.audit import note_deed
from app.database import SECTION, db, write
from app.letters import actions
from app.letters.queries import get_sums
from app.letters.verify import verify_ledger
from app.upgrade import connect_alembic, database_revision
from tests import factories
from tests.migrations.test_numbering import REVISIONS
from tests.migrations.triggers import drop_triggers, list_triggers

HEAD = REVISIONS[-1].revision
TRIGGERS = {
    "0001": {
        "sqlite": {
            ("audit", "audit_refuses_delete"),
            ("audit", "audit_refuses_update"),
            ("entry", "entry_refuses_delete"),
            ("entry", "entry_refuses_update"),
        },
        "postgresql": {("audit", "audit_refuses_change"), ("entry", "entry_refuses_change")},
    },
}
"""What each revision leaves behind; one that is not named here leaves what the last one left."""


@pytest.fixture
def engine(any_app):
    connect_alembic(any_app)
    yield db.engine
    db.session.remove()


@pytest.fixture
def letters(any_app):
    """A marathon in the database: some letters, one taken back, one held, one deed noted."""
    case = factories.case()
    event = factories.event(case.campaign, state="running")
    factories.organiser()
    device = factories.joined(factories.device(factories.table(event)))
    log = actions.log_letters(device, factories.press(case, quantity=9), now=clock.now())
    actions.take_back(device, log.op, op=log.op.replace("-", "_"), now=clock.now())
    factories.entry(event, case, quantity=4)
    factories.entry(event, case, quantity=2, age_ms=48 * 3_600_000)
    with write(SECTION) as session:
        note_deed(session, actor=None, verb="open", thing="event", thing_id=1, now=clock.now())
    return event


def triggers_now() -> list[tuple[str, str, str]]:
    with db.engine.connect() as connection:
        return list_triggers(connection)


def schema_now() -> list[str]:
    """Tables, columns, constraints and indexes, in words that two schemas can be compared by."""
    inspector = inspect(db.engine)
    return sorted(
        f"{table} {kind} {sorted((name, in_words(said)) for name, said in thing.items())}"
        for table in inspector.get_table_names()
        for kind, things in {
            "column": inspector.get_columns(table),
            "index": inspector.get_indexes(table),
            "foreign key": inspector.get_foreign_keys(table),
            "unique": inspector.get_unique_constraints(table),
            "check": inspector.get_check_constraints(table),
        }.items()
        for thing in things
    )


def in_words(said: object) -> str:
    return str({k: str(v) for k, v in said.items()} if isinstance(said, dict) else said)


def test_the_upgraded_schema_is_the_models(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_a_model_the_migrations_forgot_is_noticed(engine):
    """The control of the test above."""
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE campaign DROP COLUMN goal"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [step[0] for step in compare_metadata(context, db.metadata)] == ["add_column"]


def test_down_to_nothing_and_up_again_is_the_same_schema(engine):
    before = (schema_now(), triggers_now())
    flask_migrate.downgrade(revision="base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert triggers_now() == []
    flask_migrate.upgrade()
    assert (schema_now(), triggers_now()) == before


def test_down_to_the_first_revision_and_up_again_keeps_the_letters(engine, letters):
    kept = ("entry", "tally", "pulse", "audit")
    before = (schema_now(), triggers_now(), [rows_of(table) for table in kept])
    db.session.remove()
    flask_migrate.downgrade(revision=REVISIONS[0].revision)
    flask_migrate.upgrade()
    assert (schema_now(), triggers_now(), [rows_of(table) for table in kept]) == before
    assert [verdict.faults for verdict in verify_ledger()] == [[], []]


def rows_of(table: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT * FROM {table}"))
        return sorted((tuple(row) for row in rows), key=str)


def test_down_with_letters_in_it_leaves_nothing_behind(engine, letters):
    assert get_sums(letters.id).counted.letters == 4
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    flask_migrate.upgrade()
    assert rows_of("entry") == []


def test_each_revision_leaves_the_triggers_it_says(engine):
    flask_migrate.downgrade(revision="base")
    wanted: set[tuple[str, str]] = set()
    for script in REVISIONS:
        flask_migrate.upgrade(revision=script.revision)
        wanted = TRIGGERS.get(script.revision, {}).get(engine.dialect.name, wanted)
        assert {(table, name) for table, name, _ in triggers_now()} == wanted
    assert database_revision() == HEAD


@pytest.mark.parametrize("table", ["entry", "audit"])
@pytest.mark.parametrize("sql", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_append_only_tables_refuse_raw_changes(engine, letters, table, sql):
    before = rows_of(table)
    assert before
    with pytest.raises(DBAPIError, match="append-only"):
        run(sql.format(table=table))
    assert rows_of(table) == before


@pytest.mark.parametrize("table", ["entry", "audit"])
def test_append_only_tables_refuse_what_is_each_engines_own_way_around(engine, letters, table):
    before = rows_of(table)
    columns = ", ".join(column["name"] for column in inspect(engine).get_columns(table))
    tricks = {
        "sqlite": [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            f"REPLACE INTO {table} SELECT * FROM {table}",
            f"UPDATE OR REPLACE {table} SET id = 1 WHERE id = 2",
            f"INSERT INTO {table} SELECT * FROM {table} WHERE true "
            "ON CONFLICT (id) DO UPDATE SET id = excluded.id",
        ],
        "postgresql": [
            f"TRUNCATE {table} CASCADE",
            f"INSERT INTO {table} SELECT * FROM {table} "
            "ON CONFLICT (id) DO UPDATE SET id = excluded.id",
            f"WITH gone AS (DELETE FROM {table} RETURNING {columns}) SELECT * FROM gone",
        ],
    }
    for sql in tricks[engine.dialect.name]:
        if "id = 2" in sql and len(before) < 2:
            continue
        with pytest.raises(DBAPIError, match="append-only"):
            run(sql)
    assert rows_of(table) == before


def test_without_the_triggers_the_same_statements_go_through(engine, letters):
    """The control of the tests above."""
    with write(SECTION) as session:
        drop_triggers(session.connection(), "entry")
    run("UPDATE entry SET id = id")
    run("DELETE FROM entry")
    assert rows_of("entry") == []


@pytest.mark.sqlite
def test_without_recursive_triggers_a_replace_would_slip_past(app, letters_on_sqlite):
    """Why the pragma is set: the control of INSERT OR REPLACE."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("INSERT OR REPLACE INTO audit SELECT * FROM audit")


@pytest.fixture
def letters_on_sqlite(app):
    with write(SECTION) as session:
        note_deed(session, actor=None, verb="open", thing="event", thing_id=1, now=clock.now())


def run(sql: str) -> None:
    with write(SECTION) as session:
        session.execute(text(sql))
