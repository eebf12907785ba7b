"""Nothing in the ledger can be changed, and `verify` finds what was changed all the same."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.database import SECTION, write
from app.letters import actions
from app.letters.verify import verify_ledger
from tests import factories
from tests.migrations.triggers import drop_triggers

CHANGES = [
    pytest.param("UPDATE entry SET quantity = 500, effect = 500 WHERE seq = 2", id="update"),
    pytest.param("DELETE FROM entry WHERE seq = 2", id="delete"),
    pytest.param("DELETE FROM entry", id="delete all"),
]
COLUMNS = {
    "op": "'99999999-0000-4000-8000-000000000000'",
    "quantity": "quantity + 1",
    "effect": "effect - 1",
    "kind": "'fax'",
    "state": "'held'",
    "source": "'import'",
    "act": "'recount'",
    "actor": "'ffffffffffffffff'",
    "device_id": "NULL",
    "is_late": "NOT is_late",
    "chain": "'" + "f" * 64 + "'",
    "pressed_at": "'2026-01-01 00:00:00'",
    "recorded_at": "'2026-01-01 00:00:00'",
    "log_op": "'99999999-0000-4000-8000-000000000000'",
}


@pytest.fixture
def event(any_app):
    """An event with three rows in its ledger, one of them a device's."""
    case = factories.case()
    event = factories.event(case.campaign, state="running")
    device = factories.joined(factories.device(factories.table(event)))
    factories.entry(event, case, quantity=10)
    actions.log_letters(device, factories.press(case, quantity=2), now=clock.now())
    factories.entry(event, case, quantity=5, kind="email", table_id=device.table_id)
    return event


def list_faults() -> list[str]:
    return [fault for verdict in verify_ledger() for fault in verdict.faults]


def tell(sql: str) -> None:
    with write(SECTION) as session:
        session.execute(text(sql))


def test_an_honest_ledger_is_proven_to_its_head(event):
    verdicts = {verdict.slug: verdict for verdict in verify_ledger()}
    verdict = verdicts[event.slug]
    assert (verdict.rows, verdict.counted, verdict.faults) == (3, 17, [])
    assert verdict.head == event.chain_head != "0" * 64


@pytest.mark.parametrize("sql", CHANGES)
def test_rows_refuse_to_be_changed_by_raw_sql(event, sql):
    with pytest.raises(DBAPIError, match="append-only"):
        tell(sql)
    assert list_faults() == []


@pytest.mark.parametrize("sql", CHANGES)
def test_without_the_triggers_a_change_goes_through_and_is_found(event, sql):
    with write(SECTION) as session:
        drop_triggers(session.connection(), "entry")
    tell(sql)
    assert list_faults() != []


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_breaks_the_chain(event, column):
    with write(SECTION) as session:
        drop_triggers(session.connection(), "entry")
    tell(f"UPDATE entry SET {column} = {COLUMNS[column]} WHERE seq = 2")
    assert any("row 2: the chain is broken" in fault for fault in list_faults())


def test_a_row_cut_off_the_end_is_missed(event):
    with write(SECTION) as session:
        drop_triggers(session.connection(), "entry")
    tell("DELETE FROM entry WHERE seq = 3")
    tell("UPDATE tally SET counted = 0 WHERE kind = 'email'")
    tell("UPDATE pulse SET counted = counted - 5")
    assert any("ends at row 2, its head says 3" in fault for fault in list_faults())


@pytest.mark.parametrize("table", ["tally", "pulse"])
def test_a_sum_that_does_not_follow_from_the_rows_is_found(event, table):
    tell(f"UPDATE {table} SET counted = counted + 1")
    assert all(fault.startswith(f"{table} ") for fault in list_faults())
    assert list_faults() != []


@pytest.mark.parametrize("table", ["tally", "pulse"])
def test_a_sum_that_is_gone_is_found(event, table):
    tell(f"DELETE FROM {table}")
    assert list_faults() != []


def test_the_command_says_so_and_fails(any_app, event):
    run = any_app.test_cli_runner().invoke
    whole = run(args=["verify"])
    assert (whole.exit_code, "whole" in whole.output) == (0, True)
    tell("UPDATE tally SET counted = counted + 1")
    broken = run(args=["verify"])
    assert (broken.exit_code, "FAULT" in broken.output) == (1, True)
